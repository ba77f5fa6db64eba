"""A device without a browser: signs on, holds pass and key, joins at a door. What the app does, in plain HTTP."""

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from schoolday.contracts import proofs
from schoolday.embedded.demo_day import PASSWORD
from schoolday.lib.ids import new_event_id
from schoolday.lib.signing import b64, unb64


class Refused(Exception):
    """A door or the office said no; the message is its code."""


class Device:
    """One person's device. `private`: a key that stays here."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=20)
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.bundle: Any = None

    @classmethod
    def signed_on(cls, url: str, user_name: str, password: str = PASSWORD) -> "Device":
        device = cls(url)
        try:
            device.http.get("/api/me")
            device.post("/api/sign-on", {"user_name": user_name, "password": password})
            device.bundle = device.post("/api/bundle", {"key": device.key}).json()
        except BaseException:
            device.http.close()  # nobody else knows of it
            raise
        return device

    @property
    def key(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        return {name: b64(getattr(numbers, name).to_bytes(32, "big")) for name in ("x", "y")}

    @property
    def person_id(self) -> str:
        found: str = self.bundle["person"]["id"]
        return found

    def post(self, path: str, body: object) -> httpx.Response:
        headers = {
            "X-CSRFToken": self.http.cookies.get("csrftoken") or "",
            "Origin": str(self.http.base_url).rstrip("/"),
        }
        return _fine(self.http.post(path, json=body, headers=headers))

    def plan(self) -> Any:
        """The school's plan; the signature is the app's to check, and is in the app's tests."""
        token = _fine(self.http.get(f"/plan/school/{self.bundle['schools'][0]}.plan")).text
        return msgspec.json.decode(unb64(token.split(".")[2])[:-64])

    def meeting_now(self) -> tuple[str, dict[str, Any]]:
        """Section and meeting that one can join now."""
        mine = {section["id"] for section in self.bundle["sections"]}
        for section in self.plan()["sections"]:
            for meeting in section["meetings"] if section["id"] in mine else ():
                if meeting["starts_at"] - 600 <= time.time() < meeting["ends_at"]:
                    return section["id"], meeting
        raise AssertionError("no meeting now")

    def join(self, *, section: str, meeting: str) -> Any:
        """Make the first contact and join."""
        nonce = self.http.get("/door/d1/nonce").json()["nonce"]
        granted = self.bundle["pass"]
        message = proofs.proof_message(nonce=nonce, token=granted["token"])
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        first = {
            "token": granted["token"],
            "tag": granted["tag"],
            "nonce": nonce,
            "key": self.key,
            "proof": b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
        }
        body = {"meeting": meeting, "section": section, "event": new_event_id(), "sent_at": 0, "first": first}
        return _fine(self.http.post("/door/d1/join", json=body)).json()

    def register(self, section: str, meeting: str) -> list[dict[str, Any]]:
        on = datetime.now(ZoneInfo("America/New_York")).date().isoformat()
        found = _fine(self.http.get("/api/register", params={"section": section, "on": on})).json()
        entries: list[dict[str, Any]] = next(m for m in found["meetings"] if m["id"] == meeting)["entries"]
        return entries

    def register_csv(self) -> str:
        school = self.bundle["schools"][0]
        on = datetime.now(ZoneInfo("America/New_York")).date().isoformat()
        return _fine(self.http.get(f"/office/register/{school}/export.csv", params={"on": on})).text


def _fine(response: httpx.Response) -> httpx.Response:
    if response.status_code >= 400:
        try:
            code = response.json()["code"]
        except (ValueError, KeyError):
            code = f"{response.status_code} {response.text[:200]}"
        raise Refused(code)
    return response
