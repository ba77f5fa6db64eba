"""What a door is: its id, the secrets it shares with its cell, its plan and its spool. Handed to every request."""

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schoolday.contracts import day_session, passes, proofs
from schoolday.contracts.proofs import DeviceKey
from schoolday.door.bell_counts import BellCounts
from schoolday.door.errors import BadProof, NonceOld, NoPlan
from schoolday.door.meeting_columns import Sitting
from schoolday.door.nonces import UsedNonces
from schoolday.door.plan import Plan
from schoolday.door.plan_keeper import PlanKeeper
from schoolday.door.presence import Presence
from schoolday.door.removals import Removals
from schoolday.door.spool import Spool
from schoolday.lib.signing import BadSignature
from schoolday.live import seats
from schoolday.live.bbb import BbbServer

_DAYS_KEPT = 64


@dataclass
class Cell:
    """One door of a cell. `time_zone`: for people whose school the plan does not know."""

    door: str
    district: str
    secret: bytes = field(repr=False)
    live_key: str
    live_secret: bytes = field(repr=False)
    time_zone: str
    keeper: PlanKeeper
    spool: Spool
    bbb: BbbServer | None = None
    nonces: UsedNonces = field(default_factory=UsedNonces)
    bell: BellCounts = field(default_factory=BellCounts)
    removals: Removals = field(default_factory=Removals)
    presence: Presence = field(init=False)

    def __post_init__(self) -> None:
        self.presence = Presence(name_of=self.live_name)
        self.source = f"door:{self.door}"
        self.nonce_key = proofs.nonce_key(self.secret)
        # One key per day; a stranger who names many days only makes us derive it again, 2 microseconds.
        self.tag_key = functools.lru_cache(_DAYS_KEPT)(lambda day: passes.tag_key(self.secret, day))
        self.session_key = functools.lru_cache(_DAYS_KEPT)(lambda day: day_session.session_key(self.secret, day))

    @property
    def plan(self) -> Plan:
        """
        The plan in force.

        :raises NoPlan: if there is none yet
        """
        plan = self.keeper.plan
        if plan is None:
            raise NoPlan
        return plan

    def live_name(self, sitting: Sitting, group: int = 0) -> str:
        """Return the name of a meeting, or of a group of it, on a live server, as its turn is now. 1 microsecond."""
        day = seats.live_day(sitting.starts_at)
        return seats.live_name(sitting.meeting, cell_secret=self.secret, day=day, turn=sitting.turn, group=group)

    def check_nonce(self, nonce: str, *, now: int) -> None:
        """
        Check that a door of this cell made it in the last ten minutes; a few microseconds.

        :raises NonceOld: if not
        """
        if not proofs.nonce_is_fresh(self.nonce_key, nonce, now=now):
            raise NonceOld

    def check_proof(self, *, key: DeviceKey, proof: str, nonce: str, token: str, now: int) -> None:
        """
        Check that the device holds the key, and that this nonce was never used at this door. About 110 microseconds.

        :raises BadProof: if it does not
        :raises NonceOld: if the nonce was used
        """
        try:
            proofs.check_proof(key, proof, proofs.proof_message(nonce=nonce, token=token))
        except BadSignature as error:
            raise BadProof from error
        if not self.nonces.use(nonce, now=now):
            raise NonceOld


def today(now: int) -> str:
    """Return the day whose keys are used now: `20261121`, UTC."""
    return _day_name(now // 86_400)


@functools.lru_cache(4)
def _day_name(days: int) -> str:
    return datetime.fromtimestamp(days * 86_400, UTC).strftime("%Y%m%d")
