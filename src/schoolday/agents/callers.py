"""Who asks: a day session that a door made, opened with the cell's secret, as doors open it."""

from schoolday.agents.errors import NotYours, SessionOver
from schoolday.agents.plans import PlanReader
from schoolday.contracts import day_session
from schoolday.contracts.day_session import DaySession
from schoolday.lib.signing import BadSignature

_SCHEME = "Day "
_AT_MOST_LETTERS = 8_000


class Callers:
    """Opens the sessions of requests; about 20 microseconds each."""

    def __init__(self, *, cell_secret: bytes, plans: PlanReader) -> None:
        self._secret, self._plans = cell_secret, plans

    def teacher(self, authorization: str | None, *, now: int) -> DaySession:
        """
        Return the session of a grown-up who teaches. `now`: seconds.

        :raises SessionOver: if there is none, it is forged, over, or denied by the plan in force
        :raises NotYours: if it is a student's, a guardian's or an operator's
        """
        text = (authorization or "").removeprefix(_SCHEME)
        if not authorization or text == authorization or len(text) > _AT_MOST_LETTERS:
            raise SessionOver
        try:
            key = day_session.session_key(self._secret, day_session.session_day(text))
            session = day_session.open_session(text, key=key, now=now)
        except BadSignature as error:
            raise SessionOver from error
        index = self._plans.refresh(now=now)
        if index is not None:
            deny = index.deny
            if session.epoch < deny.epochs.get(session.sub, 0) or session.jti in deny.jtis:
                raise SessionOver
        if session.kind != "teacher":
            raise NotYours
        return session
