"""Waking Django in a process that is not a server: commands, jobs, the supervisor's first steps."""

import os


def boot() -> None:
    """Make models and settings usable; a second call does nothing. About half a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolday.office.settings")
    import django

    django.setup()


def migrate() -> int:
    """Bring the database to this version's form; returns how many steps that took."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if steps:
        call_command("migrate", interactive=False, verbosity=0)
    return steps
