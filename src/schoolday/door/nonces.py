"""
Nonces that were used, so that a copied first contact opens nothing. Small, also at a whole district's bell.

Kept by the window of their making and dropped window by window; within one, by twelve of their random bits, in
strings of 8-byte fingerprints: 76 of 80 bits. 900,000 of them take 8 MB; a set of ints would take 63 MB.
"""

from schoolday.contracts.proofs import NONCE_SECONDS
from schoolday.lib import signing
from schoolday.lib.errors import Busy

KEPT_AT_MOST = 3_000_000  # five hours at a door's full rate would not fill what ten minutes may; 50 MB
_WINDOW_SECONDS = 300
_CLOCK_SECONDS = 60  # as contracts.proofs allows between two doors
_FINGERPRINT_BYTES = 8


class UsedNonces:
    """Remembers nonces while they could be shown again. Give it only nonces that a door of the cell made."""

    def __init__(self) -> None:
        self._windows: dict[int, dict[int, bytearray]] = {}
        self.kept = 0

    def use(self, nonce: str, *, now: int) -> bool:
        """
        Say whether this is the first use of `nonce`, and remember it. 1 microsecond. `now`: seconds.

        :raises Busy: if more are remembered than there is room for
        """
        raw = signing.unb64(nonce)
        window = int.from_bytes(raw[:6], "big") // _WINDOW_SECONDS
        buckets = self._windows.get(window)
        if buckets is None:
            self._drop_old(now)
            buckets = self._windows[window] = {}
        # 4,096 buckets: a search through some kilobytes at a full door, and no empty ones to pay for at a small one.
        bucket = buckets.setdefault(raw[6] << 4 | raw[7] >> 4, bytearray())
        fingerprint = raw[8 : 8 + _FINGERPRINT_BYTES]
        if fingerprint in bucket:
            return False
        if self.kept >= KEPT_AT_MOST:
            raise Busy
        bucket += fingerprint
        self.kept += 1
        return True

    def _drop_old(self, now: int) -> None:
        oldest = (now - NONCE_SECONDS - _CLOCK_SECONDS) // _WINDOW_SECONDS
        for window in [window for window in self._windows if window < oldest]:
            buckets = self._windows.pop(window)
            self.kept -= sum(map(len, buckets.values())) // _FINGERPRINT_BYTES
