"""`schoolday keys`: make, show and rotate the keys that sign passes, plans and badges."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from schoolday.lib.errors import SchooldayError

if TYPE_CHECKING:
    from schoolday.office.signin.keys import KeyFolder, OfficeKeys

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(invoke_without_command=True)
@_JSON
@click.pass_context
def keys(context: click.Context, as_json: bool) -> None:
    """
    Make the keys of a new installation; or show or rotate them.

    Without a subcommand: makes the root key and the office's signing keys in SCHOOLDAY_HOME/keys. Refuses when
    there are keys already. Nothing else in Schoolday makes or changes keys.
    """
    if context.invoked_subcommand is None:
        folder = _folder()
        try:
            value = folder.create()
        except SchooldayError as error:
            raise click.ClickException(error.text) from error
        _print(folder, value, as_json=as_json)
        if not as_json:
            click.echo(
                f"\nNow take {folder.root_private} away from this machine (two copies, offline). It is needed only for"
                "\n'schoolday keys rotate --root PATH'. Whoever holds it can sign keys that every device believes."
            )


@keys.command()
@_JSON
def show(as_json: bool) -> None:
    """Show which keys are in force, never their private halves."""
    folder = _folder()
    try:
        value = folder.load()
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    _print(folder, value, as_json=as_json)


@keys.command()
@click.option("--root", type=click.Path(path_type=Path), help="The root key's file, when it is not in keys/.")
@click.option("--leaked", is_flag=True, help="The keys are known to others: every pass and printed badge dies.")
@_JSON
def rotate(root: Path | None, leaked: bool, as_json: bool) -> None:
    """
    Put the next signing key in force. Publish the plan afterwards: 'schoolday plan publish'.

    Passes and badges signed by the key before stay good, unless --leaked.
    """
    folder = _folder()
    try:
        value = folder.rotate(root_file=root, leaked=leaked)
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    _print(folder, value, as_json=as_json)
    if not as_json:
        click.echo("\nNow publish: schoolday plan publish. Doors and devices take the new keys from the plan.")


def _folder() -> "KeyFolder":
    from schoolday import settings_spec
    from schoolday.office.signin.keys import KeyFolder

    settings = settings_spec.load()
    return KeyFolder(settings.keys_dir, district=settings["DISTRICT"])


def _print(folder: "KeyFolder", value: "OfficeKeys", *, as_json: bool) -> None:
    from datetime import UTC, datetime

    shown = {"current": value.current, "next": value.next, "last": value.last}
    if as_json:
        body = {
            "district": value.district,
            "root_public": folder.root_public.read_text().strip(),
            "root_private_here": folder.root_private.exists(),
            "issued_at": value.issued_at,
            "keys": {name: key.public_key() for name, key in shown.items() if key},
        }
        click.echo(msgspec.json.encode(body).decode())
        return
    for name, key in shown.items():
        if key:
            until = datetime.fromtimestamp(key.not_after, UTC).date().isoformat()
            click.echo(f"{name:8} {key.kid}  until {until}")
    click.echo(f"root     {folder.root_public.read_text().strip()}")
    if folder.root_private.exists():
        click.echo(f"         its private half is still here: {folder.root_private}")
