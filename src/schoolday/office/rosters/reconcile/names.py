"""User names: unique in the district, whatever case, also against people whom the file does not hold."""

from collections.abc import Mapping

from schoolday.office.people.models import Person
from schoolday.office.rosters.oneroster.problems import Report
from schoolday.office.rosters.reconcile.known import Known


def check_user_names(lines: Mapping[str, int], people: Known, report: Report) -> list[str]:
    """
    Note names that somebody outside the file holds; return the ids of people gone whose names are taken over.

    `lines`: the line of each name, case folded. A school often gives the name of one who left to the next.
    """
    to_free = []
    outside = Person.objects.order_by().values_list("id", "sourced_id", "user_name", "is_active")
    for id_, sourced_id, user_name, is_active in outside.iterator(10_000):
        line = lines.get(user_name.casefold())
        if line is None or people.holds(sourced_id):
            continue
        if people.is_out(sourced_id) or not is_active:
            to_free.append(id_)
        else:
            report.add(people.file, line, "user_name_taken")
    return to_free
