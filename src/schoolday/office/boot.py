"""Waking Django in a process that is not a server: commands, jobs, the supervisor's first steps."""

import os

from schoolday.lib.errors import BadSettings


def boot() -> None:
    """Make models and settings usable; a second call does nothing. About half a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolday.office.settings")
    import django

    django.setup()


def boot_with_database() -> None:
    """
    Make models usable on a database of this version, for a command.

    The embedded mode brings the database to this version itself, so that the first command on a new machine works.

    :raises BadSettings: in district mode if it is of another version; in both if it does not answer
    """
    boot()
    from django.conf import settings

    steps = missing_steps()
    if steps and settings.SCHOOLDAY["MODE"] == "district":
        raise BadSettings(f"The database is not of this version: {steps} steps missing. Run 'schoolday migrate' first.")
    if steps:
        migrate()


def missing_steps() -> int:
    """
    Return how many migrations the database lacks.

    :raises BadSettings: if the database does not answer
    """
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        raise BadSettings(
            f"The database does not answer ({type(error).__name__}): look at DATABASE_URL, and whether its server runs."
        ) from error


def migrate() -> int:
    """Bring the database to this version's form; returns how many steps that took."""
    from django.core.management import call_command

    steps = missing_steps()
    if steps:
        call_command("migrate", interactive=False, verbosity=0)
    return steps
