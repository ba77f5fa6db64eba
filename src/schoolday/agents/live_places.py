"""The live servers as an agent reaches them, and who is in a class there (LiveKit's RoomService, by twirp)."""

from collections.abc import Mapping

import httpx
import msgspec

from schoolday.lib import clock, signing
from schoolday.live.seats import ADULTS

_TIMEOUT_SECONDS = 4.0
_HEADER = signing.b64(b'{"alg":"HS256","typ":"JWT"}')


class _Person(msgspec.Struct):
    identity: str = ""
    attributes: dict[str, str] = {}
    state: str | int = ""


class _People(msgspec.Struct):
    participants: list[_Person] = []


_decoder = msgspec.json.Decoder(_People)


class LivePlaces:
    """`urls`: by id, as devices reach them."""

    def __init__(self, *, api_key: str, api_secret: bytes, urls: Mapping[str, str]) -> None:
        self.api_key, self.api_secret, self.urls = api_key, api_secret, dict(urls)

    async def where_adults_are(self, name: str, nodes: tuple[str, ...]) -> str | None:
        """Return the first of these servers on which a grown-up is in the class, else None. One short call each."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as http:
            for node in nodes:
                people = await self._people(http, node, name)
                if any(one.attributes.get("role") in ADULTS for one in people):
                    return node
        return None

    async def first_that_answers(self) -> str | None:
        """Return a live server that answers."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as http:
            for node, url in self.urls.items():
                try:
                    if (await http.get(_http(url) + "/")).status_code == 200:
                        return node
                except httpx.HTTPError:
                    continue
        return None

    async def _people(self, http: httpx.AsyncClient, node: str, name: str) -> list[_Person]:
        if node not in self.urls:
            return []
        try:
            answer = await http.post(
                f"{_http(self.urls[node])}/twirp/livekit.RoomService/ListParticipants",
                json={"room": name},
                headers={"Authorization": f"Bearer {self._admin(name)}"},
            )
            return _decoder.decode(answer.content).participants if answer.status_code == 200 else []
        except (httpx.HTTPError, msgspec.MsgspecError):
            return []

    def _admin(self, name: str) -> str:
        """Return a token that may look into this one class, for a minute."""
        now = clock.now_seconds()
        claims = {
            "iss": self.api_key,
            "nbf": now - 10,
            "exp": now + 60,
            "video": {"room": name, "roomAdmin": True},
        }
        body = f"{_HEADER}.{signing.b64(msgspec.json.encode(claims))}"
        return f"{body}.{signing.b64(signing.mac(self.api_secret, body.encode(), length_bytes=32))}"


def _http(url: str) -> str:
    return url.replace("ws", "http", 1).rstrip("/") if url.startswith("ws") else url.rstrip("/")
