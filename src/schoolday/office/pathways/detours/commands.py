"""`schoolday detour`: list, declare and undo detours; and declare one when the office is gone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import click
import msgspec

from schoolday.contracts.bands import BANDS
from schoolday.contracts.plan import DetourScope, PathwayChoice, PathwayKind
from schoolday.lib.errors import SchooldayError

if TYPE_CHECKING:
    from schoolday.office.pathways.detours.model import Detour

TEACHER = "teacher"  # on the command line; in the plan an empty pathway
_BANDS = tuple(name for name, _grades in BANDS)
_WITHOUT_DATABASE = "Without a database: 'schoolday detour emergency', docs/operate/detours.md."
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_SCOPE = click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="district, region:NAME, school:ID, band:6-8, section:ID; several narrow down together.",
)
_PATHWAY = click.option(
    "--pathway",
    required=True,
    type=click.Choice([TEACHER, *get_args(PathwayKind)]),
    help="How the classes meet; 'teacher': as each teacher chose.",
)
_WHEN = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"])
_UNTIL = click.option("--until", type=_WHEN, help="Until when, on the district's wall; without: until further notice.")


@click.group()
def detour() -> None:
    """Detours: who meets another way for now, since when, until when, and why."""


@detour.command("list")
@click.option("--all", "with_past", is_flag=True, help="Also those that are over or undone.")
@_JSON
def list_(with_past: bool, as_json: bool) -> None:
    """List the detours that are proposed, coming or in force, the newest first."""
    _set_up()
    from schoolday.lib import clock
    from schoolday.office.pathways.detours.model import Detour
    from schoolday.office.pathways.detours.queries import not_over

    now = clock.now()
    with _said():
        found = Detour.objects.order_by("-made_at", "-id") if with_past else not_over(now)
        rows = [_row(one) for one in found]
    if as_json:
        click.echo(msgspec.json.encode({"detours": rows}).decode())
        return
    for row in rows:
        click.echo(
            f"{row['id']}  {row['status']:9} {row['scope_text']}: {row['pathway']} until {row['until_at'] or '…'}"
        )
    if not rows:
        click.echo("No detour: every class meets as its section does.")


@detour.command()
@_SCOPE
@_PATHWAY
@click.option("--reason-key", required=True, help="A sentence that exists in all three languages: 'live_slow', …")
@_UNTIL
@click.option("--review-on", type=click.DateTime(["%Y-%m-%d"]), help="When to look again; default: in 7 days.")
@click.option("--emergency", "is_emergency", is_flag=True, help="Beats all others where it is for the district.")
@_JSON
def declare(
    scopes: tuple[str, ...],
    pathway: str,
    reason_key: str,
    until: datetime | None,
    review_on: datetime | None,
    is_emergency: bool,
    as_json: bool,
) -> None:
    """
    Declare a detour from now on, and publish it.

    Whoever runs this command acts as the district: where DETOUR_FOUR_EYES asks for two, an operator approves it on the
    page of detours.
    """
    _set_up()
    from schoolday.lib import clock
    from schoolday.office.pathways.detours.actions import declare as declare_detour
    from schoolday.office.pathways.detours.new import NewDetour

    _check_reason(reason_key)
    now = clock.now()
    with _said():
        made = declare_detour(
            NewDetour(
                scope=read_scope(scopes),
                pathway=_choice(pathway),
                from_at=now,
                until_at=_aware(until),
                review_on=review_on.date() if review_on else (now + timedelta(days=7)).date(),
                reason_key=reason_key,
                is_emergency=is_emergency,
            ),
            actor=None,
        )
    _print({**_row(made), "plan_version": _published()}, as_json=as_json)


@detour.command()
@click.argument("detour_id")
@_JSON
def undo(detour_id: str, as_json: bool) -> None:
    """Undo a detour, and publish: the plan says again what it said before."""
    _set_up()
    from schoolday.office.pathways.detours.actions import undo as undo_detour
    from schoolday.office.pathways.detours.model import Detour

    with _said():
        found = Detour.objects.filter(id=detour_id).first()
    if found is None:
        raise click.ClickException(f"There is no detour {detour_id}: 'schoolday detour list'.")
    with _said():
        done = undo_detour(found, actor=None)
    _print({**_row(done), "plan_version": _published()}, as_json=as_json)


@detour.command()
@_SCOPE
@_PATHWAY
@click.option("--reason-key", required=True, help="A sentence that exists in all three languages: 'live_down', …")
@click.option("--plan", "plan_dir", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keys", "keys_dir", type=click.Path(path_type=Path, file_okay=False), help="default: keys/ in SCHOOLDAY_HOME"
)
@click.option("--hours", type=click.IntRange(1, 24 * 14), help="For how long; without: until further notice.")
@_JSON
def emergency(
    scopes: tuple[str, ...],
    pathway: str,
    reason_key: str,
    plan_dir: Path,
    keys_dir: Path | None,
    hours: int | None,
    as_json: bool,
) -> None:
    """
    Declare a detour without the office: no database, only the plan folder and the office's signing key.

    Doors take it at their next look. When the office is back it finds the detour in the plan and makes it its own; undo
    it there.
    """
    from schoolday.lib import clock
    from schoolday.office.pathways.detours.emergency import declare_in_plan
    from schoolday.office.signin.keys import KeyFolder
    from schoolday.settings_spec import home_of

    _check_reason(reason_key)
    folder = KeyFolder(keys_dir or home_of() / "keys", district="")
    with _said():
        try:
            done = declare_in_plan(
                plan_dir=plan_dir,
                signer=folder.load().current.signer(),
                root_public=folder.root_public.read_text().strip(),
                scope=read_scope(scopes),
                pathway=_choice(pathway),
                reason_key=reason_key,
                until_at=clock.now_seconds() + hours * 3_600 if hours else 0,
            )
        except OSError as error:
            raise click.ClickException(f"{error.filename or plan_dir}: {error.strerror}.") from error
    _print(msgspec.to_builtins(done), as_json=as_json)
    if not as_json:
        click.echo("Where doors read a copy of the plan, copy it there now; index.plan last.")


def read_scope(texts: tuple[str, ...]) -> DetourScope:
    """
    Return the scope that `band:6-8` and the like say.

    :raises click.UsageError: for one that is none, for a grade band that there is not, for `district` beside others
    """
    found: dict[str, list[str]] = {"region": [], "school": [], "band": [], "section": []}
    for text in texts:
        kind, colon, value = text.partition(":")
        if kind == "band" and value not in _BANDS:
            raise click.UsageError(f"{text!r} is no grade band: say {', '.join(f'band:{one}' for one in _BANDS)}.")
        if kind in found and colon and value:
            found[kind].append(value)
        elif text != "district" or len(texts) > 1:
            raise click.UsageError(f"{text!r} is no scope: say district, region:…, school:…, band:… or section:….")
    return DetourScope(
        regions=tuple(found["region"]),
        schools=tuple(found["school"]),
        bands=tuple(found["band"]),
        sections=tuple(found["section"]),
    )


def _choice(pathway: str) -> PathwayChoice:
    return "" if pathway == TEACHER else cast("PathwayChoice", pathway)


def _row(one: "Detour") -> dict[str, Any]:
    from schoolday.lib import clock

    scope = one.scope_dict
    words = [f"{name[:-1]}:{value}" for name, values in scope.items() for value in values]
    return {
        "id": one.id,
        "status": one.status(clock.now()),
        "scope": scope,
        "scope_text": " ".join(words) or "district",
        "pathway": one.pathway or ("staggered" if one.shift_minutes else TEACHER),
        "shift_minutes": one.shift_minutes,
        "from_at": one.from_at.astimezone(UTC).isoformat(),
        "until_at": one.until_at.astimezone(UTC).isoformat() if one.until_at else "",
        "review_on": one.review_on.isoformat(),
        "reason": one.reason_en,
        "emergency": one.is_emergency,
    }


def _aware(at: datetime | None) -> datetime | None:
    from django.utils import timezone

    return timezone.make_aware(at) if at is not None and at.tzinfo is None else at


class _said:
    """Turn our errors into a sentence and exit status 1."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, SchooldayError):
            raise click.ClickException(str(error.text)) from error
        if error is not None and _is_of_database(error):
            raise click.ClickException(
                f"The database stopped answering ({type(error).__name__}). 'schoolday detour list' tells whether it "
                f"was kept. {_WITHOUT_DATABASE}"
            ) from error


def _is_of_database(error: BaseException) -> bool:
    from django.db import DatabaseError

    return isinstance(error, DatabaseError)


def _published() -> int:
    """Put it into the plan now, and return the plan's version; 0 if that has to wait, which is said."""
    from schoolday.office.pathways.detours.publishing import publish_detours

    why = "no plan is in force that could be changed quickly"
    try:
        release = publish_detours()
    except SchooldayError as error:
        release, why = None, error.text
    except OSError as error:
        release, why = None, f"{error.filename or 'plan folder'}: {error.strerror}"
    if release is None:
        click.echo(
            f"Kept, but not in the plan yet ({why}). The worker tries again; or 'schoolday plan publish'.", err=True
        )
    return release.version if release else 0


def _check_reason(key: str) -> None:
    from schoolday.office.pathways.detours.reasons import REASONS

    if key not in REASONS:
        raise click.UsageError(f"{key!r} is no reason that exists in all languages: say one of {', '.join(REASONS)}.")


def _set_up() -> None:
    from schoolday.lib import log
    from schoolday.office.boot import boot_with_database

    try:
        boot_with_database()
    except SchooldayError as error:
        raise click.ClickException(f"{error.text} {_WITHOUT_DATABASE}") from error
    from django.conf import settings

    log.configure(part="detour", level=settings.SCHOOLDAY["LOG_LEVEL"], pii=settings.SCHOOLDAY["LOG_PII"])


def _print(body: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(body).decode())
        return
    for name, value in body.items():
        click.echo(f"{name:14} {value}")
