"""`schoolday plan copy`: the plan's files to other hosts. Needs no database and no Django."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import msgspec

from schoolday.lib.errors import SchooldayError


@click.command()
@click.option(
    "--to", "places", multiple=True, required=True, help="A folder, s3://bucket/prefix, or https://host/path."
)
@click.option("--plan", "plan_dir", type=click.Path(path_type=Path, file_okay=False), help="Default: PLAN_DIR.")
@click.option("--root", type=click.Path(path_type=Path, exists=True), help="File with the public root key.")
@click.option("--with-doors", is_flag=True, help="Students' ids for doors, too: only to a place that is not public.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def copy(places: tuple[str, ...], plan_dir: Path | None, root: Path | None, with_doors: bool, as_json: bool) -> None:
    """
    Copy the plan and its public pages to other hosts; say --to as often as you like.

    Only what changed is written: files first, the index last, then it is read back and its signature checked. A target
    that is dead or full keeps the plan it has, and delays no other. Buckets and hosts take their keys from PLAN_S3_…
    and PLAN_PUT_TOKENS. Exit status 1 when a target failed. docs/operate/plan-hosts.md tells more.
    """
    from schoolday import settings_spec
    from schoolday.office.pathways.cards.opening import find_root
    from schoolday.office.pathways.copying.copy import Copied, copy_plan
    from schoolday.office.pathways.copying.places import target_of
    from schoolday.office.pathways.copying.progress import Bars

    try:
        settings = settings_spec.load()
        folder = plan_dir or settings.plan_dir
        root_public, _ = (settings.root_public_key, False) if not (root or plan_dir) else find_root(folder, root)
        targets = [target_of(place, settings) for place in dict.fromkeys(places)]
    except SchooldayError as error:
        raise click.ClickException(error.text) from error

    with Bars(hidden=as_json) as bars, ThreadPoolExecutor(len(targets)) as pool:

        def one(number: int) -> Copied | SchooldayError:
            target = targets[number]
            try:
                return copy_plan(
                    folder, target, root_public=root_public, with_doors=with_doors, progress=bars.of(target.shown)
                )
            except SchooldayError as error:
                return error

        done = list(pool.map(one, range(len(targets))))
    body = []
    for target, result in zip(targets, done, strict=True):
        if isinstance(result, SchooldayError):
            body.append({"target": target.shown, "ok": False, "code": result.code, "text": result.text})
            click.echo(f"{target.shown}: {result.text}", err=True)
        else:
            body.append({**msgspec.to_builtins(result), "ok": True, "seconds": round(result.seconds, 2)})
            if not as_json:
                click.echo(
                    f"{target.shown}: plan {result.version} is in force; {result.written} of {result.files} files "
                    f"written, {result.swept} swept, {result.seconds:.1f} s"
                )
    if as_json:
        click.echo(msgspec.json.encode({"targets": body}).decode())
    if not all(row["ok"] for row in body):
        raise click.exceptions.Exit(1)
