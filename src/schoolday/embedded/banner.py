"""What `schoolday run` prints once the day is up."""

from rich.console import Console
from rich.table import Table

from schoolday.embedded.demo_day import Day
from schoolday.embedded.paths import paths_of
from schoolday.settings_spec import Settings


def print_banner(console: Console, settings: Settings, day: Day) -> None:
    """Print the URL, whom to sign on as, and when the bell rings."""
    console.print()
    console.print(f"[bold]{settings['PORTAL_NAME']}[/]  is open at  [bold cyan]{settings['PUBLIC_URL']}[/]")
    if day.bell_at:
        console.print(f"The next bell rings at [bold]{day.bell_at:%H:%M}[/] ({settings['TIME_ZONE']}).")
    if day.logins:
        table = Table("who", "user name", "password or badge code", "to try", box=None, padding=(0, 2, 0, 0))
        for column in table.columns[:3]:
            column.no_wrap = True  # to be copied
        for login in day.logins:
            table.add_row(login.who, login.user_name, login.secret, login.note)
        console.print(table)
        console.print("Two people need two browsers (or one private window).")
    console.print(f"[dim]State: {settings.home}   logs: {paths_of(settings).log}   checks: schoolday doctor[/]")
    console.print()
