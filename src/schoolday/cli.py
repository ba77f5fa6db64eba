"""
The command `schoolday`. Each command lives with its part; this file only knows where.

A part is imported when its command is called: a door must not pay for the office, nor even know that it exists.
"""

import importlib

import click

from schoolday.lib.errors import SchooldayError

_COMMANDS = {
    "run": "schoolday.embedded.run_command:run",
    "doctor": "schoolday.embedded.doctor_command:doctor",
    "live": "schoolday.embedded.live_command:live",
    "office": "schoolday.office.commands:office",
    "work": "schoolday.office.commands:work",
    "migrate": "schoolday.office.commands:migrate",
    "hasher": "schoolday.office.signin.hasher_commands:hasher",
    "keys": "schoolday.office.pathways.emergency_command:keys",
    "password": "schoolday.office.signin.password_commands:password",
    "roster": "schoolday.office.rosters.commands:roster",
    "timetable": "schoolday.office.timetable.commands:timetable",
    "detour": "schoolday.office.pathways.detours.commands:detour",
    "plan": "schoolday.office.pathways.commands:plan",
    "alternates": "schoolday.office.pathways.ways.commands:alternates",
    "incident": "schoolday.office.incidents.commands:incident",
    "register": "schoolday.office.attendance.commands:register",
    "evidence": "schoolday.office.attendance.commands:evidence",
    "classbook": "schoolday.office.classbook.commands:classbook",
    "notices": "schoolday.office.notices.commands:notices",
    "readiness": "schoolday.office.console.readiness.commands:readiness",
    "door": "schoolday.door.commands:door",
    "pull": "schoolday.door.pull.commands:pull",
    "captions": "schoolday.agents.captions.commands:captions",
    "practice": "schoolday.agents.practice.commands:practice",
    "phone": "schoolday.agents.phone.commands:phone",
    "probe": "schoolday.probe.commands:probe",
    "demo": "schoolday.drill.commands:demo",
    "bench": "schoolday.drill.bench.commands:bench",
    "prove": "schoolday.claims.prove_command:prove",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Show an error of ours as its sentence; what is no error of ours keeps its traceback."""
        try:
            return super().invoke(ctx)
        except SchooldayError as error:
            raise click.ClickException(error.text) from error


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="schoolday")
def main() -> None:
    """The online school day of a whole district."""
