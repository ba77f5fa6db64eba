"""The class's rules as a synthetic student knows them: of the last word of a grown-up, as real devices do."""

from typing import Any

from schoolday.live.seats import ADULTS

STEER_TOPIC = "steer"
_RULES_AT_MOST = 64


class Rules:
    """Last word wins, per rule; app/src/live/steer/steering.ts is the same for browsers."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[int, str, Any]] = {}

    def hear(self, value: Any, *, role: str) -> bool:
        """Take in a word; only a grown-up's. Return whether something changed."""
        rules = value.get("rules") if isinstance(value, dict) else None
        if role not in ADULTS or not isinstance(rules, dict):
            return False
        changed = False
        for name, said in list(rules.items())[:_RULES_AT_MOST]:
            if not isinstance(said, dict) or not isinstance(said.get("v"), int) or not isinstance(said.get("by"), str):
                continue
            held = self._said.get(name)
            if held is not None and (said["v"], said["by"]) <= held[:2]:
                continue
            if held is None and len(self._said) >= _RULES_AT_MOST:
                continue
            self._said[name] = said["v"], said["by"], said.get("value")
            changed = True
        return changed

    def _value(self, name: str) -> Any:
        held = self._said.get(name)
        return held[2] if held else None

    @property
    def poll(self) -> Any:
        """The class's question as it was said; what it is, `polls` checks."""
        return self._value("poll")

    @property
    def frozen(self) -> bool:
        return self._value("frozen") is True

    @property
    def may_speak(self) -> bool:
        return not self.frozen and self._value("microphones") != "closed"

    @property
    def may_show(self) -> bool:
        return not self.frozen and self._value("cameras") != "closed"

    @property
    def may_write(self) -> bool:
        return not self.frozen and self._value("chat") != "off"
