"""The only way from a person who asks and an id to a roster import: operators, and nobody else."""

from schoolday.office.people.access import NotYours, access_operator
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import ImportRun


def access_run(person: Person, run_id: str) -> ImportRun:
    """
    Return one import.

    :raises NotYours: if there is none, or she is no operator
    """
    access_operator(person)
    run = ImportRun.objects.filter(id=run_id).first()
    if run is None:
        raise NotYours
    return run
