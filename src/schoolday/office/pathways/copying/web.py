"""Copies on a second host over HTTP PUT (WebDAV): nginx, Apache, or any service that takes a PUT with a token."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import httpx
import msgspec

from schoolday.contracts.plan import INDEX_AT_MOST_BYTES, INDEX_PATH
from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.files import PlanFile, sha256

# What we have put there: such a host cannot be listed. Holds public names and digests.
LIST_PATH = "copied.json"
_GONE = (404, 410)
_DONE = (200, 201, 204)


class _Copied(msgspec.Struct):
    """SHA-256 by path; empty while it is being written."""

    files: dict[str, str]


class WebTarget:
    """`url`: the base that devices read, too. `token`: a bearer for this host only; redirects are not followed."""

    at_once = 8

    def __init__(self, url: str, *, token: str, request_seconds: float = 30.0) -> None:
        self.shown = url.rstrip("/")
        self._http = httpx.Client(
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(request_seconds, connect=min(5.0, request_seconds)),
            limits=httpx.Limits(max_connections=self.at_once),
            follow_redirects=False,
        )
        self._there: dict[str, str] = {}
        self._before: dict[str, str] = {}

    def look(self) -> None:
        """Read the list of what we have put there; that nobody has lost it is checked by asking for each plan file."""
        answer = self._ask("GET", LIST_PATH, allowed=(200, *_GONE))
        try:
            kept = msgspec.json.decode(answer.content, type=_Copied).files if answer.status_code == 200 else {}
        except msgspec.MsgspecError:
            kept = {}
        self._there, self._before = dict(kept), dict(kept)

    def index_text(self) -> str | None:
        answer = self._ask("GET", INDEX_PATH, allowed=(200, *_GONE))
        if answer.status_code != 200:
            return None
        return answer.content[:INDEX_AT_MOST_BYTES].decode(errors="replace")

    def holds(self, file: PlanFile) -> bool:
        if self._there.get(file.path) != (file.sha256_of_name or sha256(file.read())):
            return False
        if not file.fixed or file.sha256_of_name:
            return True
        # An index will name it: better one question more than a file that somebody has tidied away.
        answer = self._ask("HEAD", file.path, allowed=(200, *_GONE))
        return answer.status_code == 200 and answer.headers.get("content-length") == str(file.size_bytes())

    def begin(self, paths: Iterable[str]) -> None:
        self._there |= dict.fromkeys(paths, "")
        self._keep_list()

    def put(self, file: PlanFile) -> None:
        data = file.read()
        self._put(file.path, data, content_type=file.content_type)
        self._there[file.path] = sha256(data)

    def put_index(self, text: str) -> None:
        self._put(INDEX_PATH, text.encode(), content_type="text/plain; charset=utf-8")

    def settle(self) -> None:
        self._keep_list()

    def lies_there(self) -> set[str]:
        return set(self._there)

    def remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._ask("DELETE", path, allowed=(*_DONE, 202, *_GONE))
            self._there.pop(path, None)
        self._keep_list()

    def close(self) -> None:
        self._http.close()

    def _keep_list(self) -> None:
        if self._there != self._before:
            self._put(LIST_PATH, msgspec.json.encode(_Copied(self._there)), content_type="application/json")
            self._before = dict(self._there)

    def _put(self, path: str, data: bytes, *, content_type: str) -> None:
        headers = {"Content-Type": content_type}
        answer = self._ask("PUT", path, allowed=(*_DONE, 404, 409), data=data, headers=headers)
        if answer.status_code in _DONE:
            return
        self._make_folders(path)
        self._ask("PUT", path, allowed=_DONE, data=data, headers=headers)

    def _make_folders(self, path: str) -> None:
        """Make the folders above a file, as RFC 4918 asks for; one that is there already answers 405."""
        parts = path.split("/")[:-1]
        for end in range(1, len(parts) + 1):
            self._ask("MKCOL", "/".join(parts[:end]) + "/", allowed=(*_DONE, 301, 405, 409))

    def _ask(
        self,
        method: str,
        path: str,
        *,
        allowed: tuple[int, ...],
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            answer = self._http.request(method, f"{self.shown}/{path}", content=data, headers=headers)
        except httpx.HTTPError as error:
            raise CopyFailed(f"{self.shown}: {method} of {path} failed ({type(error).__name__}).") from error
        if answer.status_code in allowed:
            return answer
        host = urlsplit(self.shown).hostname
        if answer.status_code in (401, 403):
            raise BadTarget(f"{self.shown}: {host} refuses {method} ({answer.status_code}). Look at PLAN_PUT_TOKENS.")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise CopyFailed(f"{self.shown}: {method} of {path} answered {answer.status_code}.")
        raise BadTarget(f"{self.shown}: {method} of {path} answered {answer.status_code}: does it take files by PUT?")
