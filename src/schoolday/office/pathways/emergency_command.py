"""`schoolday keys emergency`: beside the other commands of keys, but about the plan too."""

from pathlib import Path

import click
import msgspec

from schoolday.lib.errors import SchooldayError
from schoolday.office.signin.keys_commands import keys

__all__ = ["keys"]
_FOLDER = click.Path(path_type=Path, file_okay=False)


@keys.command()
@click.option("--root", required=True, type=click.Path(path_type=Path), help="The root key's file, offline until now.")
@click.option("--plan", "plan_dir", required=True, type=_FOLDER, help="The plan folder, or a whole copy of it.")
@click.option("--out-keys", type=_FOLDER, help="Where the new keys go; default: keys/ in SCHOOLDAY_HOME.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def emergency(root: Path, plan_dir: Path, out_keys: Path | None, as_json: bool) -> None:
    """
    Replace leaked signing keys without the office: no database, no settings, only the plan folder and the root key.

    Makes new keys and signs the plan in force with them. Doors take it within seconds: every pass and printed QR code
    signed until now is dead; typed badge codes and a teacher's let-in codes still open. docs/operate/keys.md tells
    what else to do.
    """
    from schoolday.office.pathways.emergency import replace_keys
    from schoolday.settings_spec import home_of

    out_keys = out_keys or home_of() / "keys"
    try:
        done = replace_keys(root_file=root, plan_dir=plan_dir, out_keys=out_keys)
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or plan_dir}: {error.strerror}.") from error
    if as_json:
        click.echo(msgspec.json.encode({**msgspec.to_builtins(done), "keys": str(out_keys)}).decode())
        return
    click.echo(f"Plan {done.version} is in force, signed by {done.kid}; dead: {', '.join(done.dead)}.")
    click.echo(f"The new keys are in {out_keys}: bring this folder to keys/ of the office before it comes back.")
    click.echo("Where doors read a copy of the plan, copy it there now; index.plan last.")
