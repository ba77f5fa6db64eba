"""Where a report goes: beside the plan for everybody, without addresses; and whole into the run folder."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from schoolday.contracts.probes import Layer, ProbeReport
from schoolday.lib.files import write_whole

PUBLIC_PATH = "status/probes.json"


def public(report: ProbeReport) -> bytes:
    """Return the report as anybody may read it. Its parts have names of ours, and its words hold no address."""
    return msgspec.json.encode(report)


def whole(report: ProbeReport, addresses: Mapping[tuple[Layer, str], str]) -> bytes:
    """Return the report with what was asked: address by layer and part."""
    where = {f"{layer}/{part}": address for (layer, part), address in addresses.items()}
    return msgspec.json.format(msgspec.json.encode({"report": report, "addresses": where}), indent=1)


def write(folder: Path, name: str, data: bytes, *, mode: int = 0o644) -> None:
    """Write one report so that a reader sees it whole."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data, mode=mode)
