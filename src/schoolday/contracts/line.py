"""The waiting line before password sign-on: who comes in a storm holds a signed place and comes back for it."""

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """
    A place in the line: the answer 202 of `POST /api/sign-on`, and of `POST /api/sign-on/line`.

    `line`: signed arrival time, to be sent at each poll and with the password; `place`: how many are before, 0: it is
    your turn, send the password now; `wait_seconds`: an honest estimate; `poll_after_seconds`: when to ask again.
    """

    line: str
    place: int
    wait_seconds: int
    poll_after_seconds: int
