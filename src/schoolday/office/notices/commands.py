"""`schoolday notices`: what went out and how it goes, for somebody with a terminal."""

import json
import sys

import click


@click.group()
def notices() -> None:
    """Notices: what went out, how it goes, and whether each way is set up."""


@notices.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, the newest first."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def list_command(limit: int, as_json: bool) -> None:
    """List the notices that were sent, the newest first."""
    _boot()
    from schoolday.office.notices.models import Notice
    from schoolday.office.notices.queries import first_seconds_of

    found = list(Notice.objects.exclude(state=Notice.State.DRAFT).order_by("-sent_at", "-id")[:limit])
    firsts = first_seconds_of(found)
    rows = []
    for notice in found:
        first, out, waiting = firsts.get(notice.id, (None, 0, 0))
        rows.append(
            {
                "id": notice.id,
                "sent_at": notice.sent_at.isoformat() if notice.sent_at else "",
                "state": notice.state,
                "level": notice.level,
                "sentences": notice.sentences,
                "first_seconds": first,
                "out": out,
                "waiting": waiting,
            }
        )
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        words = ",".join(row["sentences"]) or "own words"
        click.echo(f"{row['id']}  {row['sent_at']}  {row['state']:9} {row['level']:9} out {row['out']}  {words}")
    if not rows:
        click.echo("No notice has gone out yet.")


@notices.command("show")
@click.argument("notice_id")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(notice_id: str, as_json: bool) -> None:
    """Show how one notice goes: counts by way and state, and the time to its first message."""
    _boot()
    from schoolday.office.notices.models import Notice
    from schoolday.office.notices.queries import progress_of

    notice = Notice.objects.exclude(state=Notice.State.DRAFT).filter(id=notice_id).first()
    if notice is None:
        raise click.ClickException(f"There is no sent notice {notice_id}: 'schoolday notices list' names them.")
    progress = progress_of(notice)
    said = {
        "id": notice.id,
        "state": notice.state,
        "first_seconds": progress.first_seconds,
        "ways": {
            line.channel: {"states": line.tally.by_state, "first_seconds": line.first_seconds, "resting": line.resting}
            for line in progress.lines
        },
        "nobody": progress.nobody,
    }
    if as_json:
        click.echo(json.dumps(said))
        return
    click.echo(f"{notice.id}: {notice.state}, first message after {_took(progress.first_seconds)}")
    for line in progress.lines:
        counts = ", ".join(f"{state} {count}" for state, count in sorted(line.tally.by_state.items())) or "nobody"
        resting = f"; rests: {line.resting}" if line.resting else ""
        click.echo(f"  {line.channel:9} {counts}; first after {_took(line.first_seconds)}{resting}")
    for reason, count in progress.nobody.items():
        click.echo(f"  not told: {count} ({reason})")


@notices.command("ways")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def ways(as_json: bool) -> None:
    """Say of each way whether it is set up and rests, and what waits on it. Exit status 1 if one rests."""
    _boot()
    from django.conf import settings
    from django.db.models import Count

    from schoolday.office.notices.channels import all_channels
    from schoolday.office.notices.models import ChannelState, Delivery

    waiting = dict(
        Delivery.objects.filter(state=Delivery.State.QUEUED).values_list("channel").annotate(n=Count("id")).order_by()
    )
    resting = dict(ChannelState.objects.filter(is_resting=True).values_list("channel", "reason"))
    found = {}
    for name, channel in all_channels(settings.SCHOOLDAY).items():
        found[name] = {"off": channel.why_off(), "resting": resting.get(name, ""), "waiting": waiting.get(name, 0)}
        channel.close()
    if as_json:
        click.echo(json.dumps(found))
    else:
        for name, way in found.items():
            state = f"off ({way['off']})" if way["off"] else f"rests ({way['resting']})" if way["resting"] else "ready"
            click.echo(f"{name:9} {state}; {way['waiting']} waiting")
    sys.exit(1 if resting else 0)


def _boot() -> None:
    from schoolday.office.boot import boot_with_database

    boot_with_database()


def _took(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f} s"
