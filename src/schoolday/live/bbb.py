"""
BigBlueButton's API: addresses with the checksum that its server asks for. Makes no call.

checksum = SHA-256 (hex) of call name + query string + shared secret, the query exactly as it is sent.
Source: BigBlueButton's API reference, "Usage" and the calls create, join, isMeetingRunning, end.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode, urlsplit

from schoolday.lib import signing
from schoolday.lib.errors import BadSettings
from schoolday.settings_spec import Settings

OPENS_BEFORE_SECONDS = 900
_STAYS_AFTER_MINUTES = 10
Role = Literal["MODERATOR", "VIEWER"]
# What the others of the class read. Never a name: this goes to a server that is not the portal.
_STUDENT = {"en": "Student", "es": "Estudiante", "ht": "Elèv"}
_TEACHER = {"en": "Teacher", "es": "Docente", "ht": "Pwofesè"}


@dataclass(frozen=True)
class BbbServer:
    """One BigBlueButton server, or a balancer that speaks as one. `url` ends in /api."""

    url: str
    secret: str = field(repr=False)

    def address(self, call: str, **parameters: str) -> str:
        """Return the address of a call, with its checksum. About 10 microseconds."""
        query = urlencode(parameters)
        checksum = hashlib.sha256(f"{call}{query}{self.secret}".encode()).hexdigest()
        return f"{self.url}/{call}?{query}{'&' if query else ''}checksum={checksum}"

    def create(self, meeting_id: str, *, name: str, starts_at: int, ends_at: int) -> str:
        """
        Return the address that makes a meeting; again, with the same times, it changes nothing.

        Not recorded; students' private chat is off, everybody comes in muted, and the meeting ends when its teacher
        has been gone for five minutes. Times in seconds.
        """
        minutes = (ends_at - starts_at + OPENS_BEFORE_SECONDS) // 60 + _STAYS_AFTER_MINUTES
        return self.address(
            "create",
            name=name,
            meetingID=meeting_id,
            record="false",
            autoStartRecording="false",
            allowStartStopRecording="false",
            muteOnStart="true",
            lockSettingsDisablePrivateChat="true",
            endWhenNoModerator="true",
            endWhenNoModeratorDelayInMinutes="5",
            meetingExpireIfNoUserJoinedInMinutes=str(minutes),
            duration=str(minutes),
        )

    def join(self, meeting_id: str, *, user_id: str, full_name: str, role: Role) -> str:
        """Return the address that lets one person in."""
        return self.address(
            "join", fullName=full_name, meetingID=meeting_id, role=role, userID=user_id, redirect="true"
        )

    def is_running(self, meeting_id: str) -> str:
        return self.address("isMeetingRunning", meetingID=meeting_id)

    def end(self, meeting_id: str) -> str:
        return self.address("end", meetingID=meeting_id)


def server_of(settings: Settings) -> BbbServer | None:
    """
    Return our BigBlueButton; None if there is none.

    :raises BadSettings: if only half of it is set, or its address is not protected
    """
    url, secret = settings["BBB_URL"].rstrip("/"), settings["BBB_SECRET"]
    if not url and not secret:
        return None
    if not url or not secret:
        raise BadSettings("BBB_URL and BBB_SECRET belong together: set both, or none.")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise BadSettings("BBB_URL: it must begin with https://, so that nobody can change where children go.")
    return BbbServer(url=f"{url.removesuffix('/api')}/api", secret=secret)


def meeting_id(meeting: str, *, cell_secret: bytes, day: str, turn: int = 0) -> str:
    """
    Return the unguessable id of a meeting at BigBlueButton; another one after somebody was taken out (`turn`).

    `day`: `seats.live_day` of its start. Says nothing of the live name, which has a key of its own.
    """
    key = signing.derive(cell_secret, "bbb-meeting", day)
    return "b" + signing.mac(key, f"{meeting}.{turn}".encode()).hex()


def user_id(sub: str, *, cell_secret: bytes, day: str) -> str:
    """Return the opaque id of a person for one day: nobody can follow her from day to day."""
    return "u" + signing.mac(signing.derive(cell_secret, "bbb-user", day), sub.encode()).hex()


def shown_name(role: Role, *, number: int = 0, language: str = "en") -> str:
    """Return what the class reads instead of a name: `Student 7`, `Estudiante 7`; a teacher without a number."""
    if role == "MODERATOR":
        return _TEACHER.get(language, _TEACHER["en"])
    word = _STUDENT.get(language, _STUDENT["en"])
    return f"{word} {number}" if number else word
