"""How the pulling goes: for `--json`, and in a file for who looks from outside."""

import msgspec


class SourceStatus(msgspec.Struct):
    """One source as it last was. `reason`: why nothing was taken from it, empty when it is good. Times in seconds."""

    source: str
    ok: bool = False
    version: int = 0
    asked_at: int = 0
    took_ms: int = 0
    reason: str = "not asked yet"
    since: int = 0  # when this reason, or being good, began


class PullStatus(msgspec.Struct, frozen=True):
    """`version`: the plan in force in PLAN_DIR, 0 without; `age_seconds`: since it was made."""

    door: str
    plan_dir: str
    version: int
    age_seconds: int
    written_at: int
    sources: tuple[SourceStatus, ...]
