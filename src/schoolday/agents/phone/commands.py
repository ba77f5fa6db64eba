"""`schoolday phone`: the way into class by phone."""

import asyncio
import os
from pathlib import Path

import click


@click.group()
def phone() -> None:
    """Calling into a class with a PIN, by LiveKit's SIP bridge (docs/operate/phone.md)."""


@phone.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--redis", default="127.0.0.1:6379", show_default=True, help="Redis of the live server and the bridge.")
@click.option("--json", "as_json", is_flag=True, help="Say what was written as one JSON object.")
def configuration(folder: Path, redis: str, as_json: bool) -> None:
    """Write sip.yaml for livekit-sip, and redis.yaml with what the live server needs besides."""
    import msgspec

    from schoolday import settings_spec
    from schoolday.agents.phone.configuration import live_yaml, sip_yaml

    settings = settings_spec.load()
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"sip.yaml": sip_yaml(settings, redis=redis), "redis.yaml": live_yaml(redis=redis)}
    for name, text in texts.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
    written = [str(folder / name) for name in texts]
    click.echo(msgspec.json.encode({"written": written}).decode() if as_json else "\n".join(written))


@phone.command()
@click.option("--once", is_flag=True, help="Bring the rules in step once, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print each turn as a JSON line.")
def serve(once: bool, as_json: bool) -> None:
    """
    Keep the bridge's dispatch rules in step with the classes that are open, every PHONE_EVERY_SECONDS, until ctrl-C.

    Needs PHONE_NUMBERS, the plan folder, CELL_SECRET, the root key, LIVE_API_*, and PHONE_LIVE_URL: the live server
    that has Redis, to which the bridge is attached.
    """
    from schoolday import settings_spec
    from schoolday.agents.phone.process import run
    from schoolday.lib import log

    settings = settings_spec.load()
    log.configure(part="phone", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
    asyncio.run(run(settings, once=once, show=click.echo if as_json else lambda _text: None))
