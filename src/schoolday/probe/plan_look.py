"""Looking at the plan on its hosts: signed by a key in force, of this district, for today, and as new as elsewhere."""

import httpx
import msgspec

from schoolday.contracts.keys import open_key_set
from schoolday.contracts.plan import INDEX_AT_MOST_BYTES, INDEX_PATH, PlanIndex, open_index
from schoolday.lib import clock, signing
from schoolday.lib.signing import BadSignature
from schoolday.probe.look import WELL, Refused, Said

_LAGS_SECONDS = 60  # a detour is everywhere within a minute
_SIGNATURE_BYTES = 64


class _Inside(msgspec.Struct):
    key_set: str


class PlanLook:
    """Remembers the newest version that any host had, and since when."""

    def __init__(self, *, root_public: str, district: str) -> None:
        self._root_public, self._district = root_public, district
        self.version = 0
        self._seen_at = 0

    async def ask(self, http: httpx.AsyncClient, base: str) -> Said:
        answer = await http.get(f"{base}/{INDEX_PATH}")
        if answer.status_code != 200:
            raise Refused(f"answers {answer.status_code}")
        if len(answer.content) > INDEX_AT_MOST_BYTES:
            raise Refused("the plan is too large")
        return self.judge(self.open(answer.text.strip()))

    def open(self, text: str) -> PlanIndex:
        """
        Return a good index.

        :raises Refused: if it is none of this district's, or no key in force signed it
        """
        now = clock.now_seconds()
        try:
            raw = signing.unb64(text.split(".")[2])[:-_SIGNATURE_BYTES]
            inside = msgspec.json.decode(raw, type=_Inside)
            key_set = open_key_set(inside.key_set, root_public=signing.unb64(self._root_public))
            index = open_index(text, key_set.verifier(at=now))
        except (BadSignature, ValueError, IndexError, msgspec.MsgspecError) as error:
            raise Refused("no key in force signed the plan") from error
        if index.district != self._district or key_set.district != self._district:
            raise Refused("the plan is of another district")
        return index

    def judge(self, index: PlanIndex) -> Said:
        """Say how a good index is beside the newest one seen."""
        now = clock.now_seconds()
        today = clock.now().date().isoformat()
        if index.version > self.version:
            self.version, self._seen_at = index.version, now
        if index.until_date < today:
            raise Refused(f"the plan ended on {index.until_date}")
        if index.version < self.version and now - self._seen_at > _LAGS_SECONDS:
            return "slow", f"plan {index.version}, elsewhere {self.version}"
        return WELL
