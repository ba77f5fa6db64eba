"""What probes found, layer by layer: the file `status/probes.json` beside the plan, and `GET /probes` of a probe."""

from typing import Literal

import msgspec

Layer = Literal["line", "dns", "edge", "door", "sign_on", "database", "live", "mail", "plan"]
State = Literal["well", "slow", "dead", "unknown"]


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """One look at one part. `vantage`: `inside` or the name of a place outside; `at`: seconds; `what`: plain words."""

    layer: Layer
    part: str
    vantage: str
    state: State
    ms: int
    at: int
    what: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What the probes mean together: the layer that fails, since when, and a sentence's key with its facts."""

    layer: Layer
    state: State
    since: int
    parts: tuple[str, ...] = ()


class ProbeReport(msgspec.Struct, frozen=True, kw_only=True):
    """All of one round; `findings` names what fails first. `made_at`: seconds."""

    made_at: int
    probes: tuple[Probe, ...]
    findings: tuple[Finding, ...] = ()
