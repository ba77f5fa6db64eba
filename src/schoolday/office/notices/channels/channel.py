"""What every channel is: it sends one message to one place, and says what came of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from schoolday.office.notices.models import Delivery, Notice
from schoolday.office.notices.texts import Words
from schoolday.settings_spec import Settings

Result = Literal["sent", "later", "never", "down", "unknown"]


class Outcome(msgspec.Struct, frozen=True):
    """
    What came of one sending. `reason` names no person; it is a word of words.REASONS or a server's code.

    sent: it was taken over; later: this address, not now; never: this address will not do; down: the channel itself
    fails, which is nobody's address's fault, and rests for `after_seconds`; unknown: it may have been taken over (a
    line that broke at the wrong moment).
    """

    result: Result
    reason: str = ""
    provider_id: str = ""
    after_seconds: float = 0.0


SENT = Outcome("sent")


@dataclass(frozen=True)
class Message:
    """One message on its way. `began_at`: when its row was claimed; `leaving`: to call before it leaves."""

    delivery: Delivery
    notice: Notice
    words: Words
    language: str
    zone: ZoneInfo
    began_at: datetime
    leaving: Callable[[], None] = lambda: None

    @property
    def is_emergency(self) -> bool:
        return self.notice.level == "emergency"


class Around:
    """What a channel may do before and after sending; most need nothing of it."""

    def before(self, rows: Sequence[Delivery]) -> None:
        """Get from the database what sending these rows needs."""

    def after(self, rows: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Write to the database what sending these rows taught."""

    def close(self) -> None:
        """Let connections go."""


class Channel(Around, ABC):
    """
    One way out. `send` is called from several threads at once, and raises nothing; it must not use the database.

    `is_safe_twice`: a second sending shows nothing twice, so what is unknown is simply sent again. `can_find`: the
    other side can be asked what became of a message. `says_when_it_leaves`: it calls `message.leaving`
    itself, at the last moment before the other side could take it over; else that is done before `send`.
    """

    name: str
    per_second: float
    parallel: int
    per_lane_per_second = 0.0  # 0: lanes are not paced
    is_safe_twice = False
    can_find = False
    says_when_it_leaves = False

    @abstractmethod
    def __init__(self, settings: Settings) -> None: ...

    @abstractmethod
    def why_off(self) -> str:
        """Return why nothing goes out (a word of words.REASONS), or nothing when it is set up."""

    @abstractmethod
    def send(self, message: Message) -> Outcome: ...

    def find(self, message: Message) -> Outcome | None:
        """Return what became of a message that may have gone out; None when that cannot be known now."""
        return None
