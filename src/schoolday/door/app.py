"""The door's calls, as a plain RSGI application: a table of (method, path), and one way in and out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec

from schoolday.contracts import proofs
from schoolday.door import (
    badge,
    bbb,
    bell,
    bell_keeper,
    evidence,
    groups,
    http,
    join,
    let_in,
    live_hook,
    remove,
    watch,
)
from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.drain import Drain
from schoolday.door.errors import NotFound
from schoolday.door.health import health
from schoolday.door.http import Headers
from schoolday.door.let_in import UsedCodes
from schoolday.door.metrics import Metrics
from schoolday.door.plan_files import PREFIX, PlanFiles
from schoolday.door.presence_restore import restore
from schoolday.door.roll import Rolls
from schoolday.door.tries import WrongTries
from schoolday.lib import clock, log
from schoolday.lib.errors import SchooldayError

Answer = tuple[int, Headers, bytes | Path]  # a path: the file, sent by granian
Call = Callable[[Any, Any], Awaitable[Answer]]


class Nonce(msgspec.Struct, frozen=True):
    """`GET /nonce`: `server_at` in ms, by which a device learns how wrong its clock is."""

    nonce: str
    server_at: int


class DoorApp:
    """One door, answering. Everything here runs on the loop's thread."""

    def __init__(self, cell: Cell, archive: Archive, *, root_public: str) -> None:
        """`root_public`: the public root key, base64, as devices read it beside the plan."""
        self.cell = cell
        self._plan_files = PlanFiles(root_public=root_public)
        self.metrics = Metrics()
        self._archive = archive
        self._reading = ThreadPoolExecutor(1, "reading")
        self._drain = Drain(archive, self._reading)
        self._rolls = Rolls(archive, self._reading)
        self._bodies = http.BodyReader()
        self._watching = asyncio.get_running_loop().create_task(self._bodies.watch())
        # Each is held here, and ended before the thread that reads: one that went on would find it gone.
        self._restoring = asyncio.get_running_loop().create_task(restore(cell, archive, self._reading))
        self._counting = asyncio.get_running_loop().create_task(bell_keeper.keep(cell))
        self._recounting = asyncio.get_running_loop().create_task(bell_keeper.restore(cell, archive, self._reading))
        self._pending = bell_keeper.Pending(cell, archive, self._drain, self._reading)
        cell.removals = remove.read_again(archive)
        self._used_codes = UsedCodes(archive.used_codes())
        # Apart, so that a badge which waits after wrong pictures does not close the teacher's way around it.
        self._badge_tries, self._code_tries = WrongTries(), WrongTries()
        self._calls: dict[tuple[str, str], Call] = {
            ("POST", "/join"): self._join,
            ("GET", "/nonce"): self._nonce,
            ("GET", "/plain"): self._plain,
            ("POST", "/evidence"): self._evidence,
            ("POST", "/badge"): self._badge,
            ("POST", "/let-in"): self._let_in,
            ("POST", "/let-in/use"): self._use_code,
            ("GET", "/roll"): self._roll,
            ("POST", "/live-hook"): self._live_hook,
            ("GET", "/health"): self._health,
            ("GET", "/drain"): self._drain_page,
            ("GET", "/drain/spools"): self._drain_spools,
            ("GET", "/metrics"): self._metrics,
            ("GET", PREFIX): self._plan,
            ("GET", "/watch"): self._watch,
            ("POST", "/call"): self._call,
            ("POST", "/remove"): self._remove,
            ("POST", "/session"): self._session,
            ("GET", "/bell"): self._bell,
            ("GET", "/bbb"): self._bbb,
            ("POST", "/groups"): self._groups,
        }

    async def __call__(self, scope: Any, proto: Any) -> None:
        """Answer one request; whatever goes wrong has an answer too."""
        name = PREFIX if scope.path.startswith(PREFIX) else scope.path
        call = self._calls.get((scope.method, name))
        verdict = "ok"
        try:
            if call is None:
                status, headers, body = self._other(scope)
            else:
                status, headers, body = await call(scope, proto)
        except SchooldayError as error:
            verdict = error.code
            status, headers, body = error.status, http.JSON, http.encode(error.as_dict())
        except Exception:
            verdict = SchooldayError.code
            log.get(__name__).exception("a call failed", path=name if call else "")
            status, headers, body = SchooldayError.status, http.JSON, http.encode(SchooldayError().as_dict())
        self.metrics.answers[name if call else "other", verdict] += 1
        if isinstance(body, bytes):
            proto.response_bytes(int(status), headers, body)
        else:
            proto.response_file(int(status), headers, str(body))

    def close(self) -> None:
        self._watching.cancel()
        self._restoring.cancel()
        self._counting.cancel()
        self._recounting.cancel()
        self._plan_files.close()
        self._reading.shutdown(wait=False, cancel_futures=True)

    def _other(self, scope: Any) -> Answer:
        if scope.method == "OPTIONS":
            return HTTPStatus.NO_CONTENT, http.PREFLIGHT, b""
        raise NotFound

    async def _plain(self, scope: Any, proto: Any) -> Answer:
        return 200, http.TEXT, b"ok"

    async def _nonce(self, scope: Any, proto: Any) -> Answer:
        now_ms = clock.now_ms()
        nonce = proofs.make_nonce(self.cell.nonce_key, now=now_ms // 1000)
        return 200, http.JSON, http.encode(Nonce(nonce, now_ms))

    async def _join(self, scope: Any, proto: Any) -> Answer:
        began = time.perf_counter()
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(join.decoder, body)
        try:
            answer = await join.join(self.cell, request, authorization=scope.headers.get("authorization"))
        except Exception as error:
            if not isinstance(error, SchooldayError) or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self.cell.bell.minute.failed()
            raise
        seconds = time.perf_counter() - began
        self.metrics.joined(seconds)
        self.cell.bell.minute.joined(seconds)
        return 200, http.JSON, http.encode(answer)

    async def _evidence(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.EVIDENCE_AT_MOST_BYTES)
        upload = http.decode(evidence.decoder, body)
        receipt = await evidence.take_upload(self.cell, upload, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(receipt)

    async def _badge(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(badge.decoder, body)
        return 200, http.JSON, http.encode(badge.enter_by_badge(self.cell, request, tries=self._badge_tries))

    async def _let_in(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(let_in.request_decoder, body)
        authorization = scope.headers.get("authorization")
        code = let_in.make_code(self.cell, request, authorization=authorization, used=self._used_codes)
        return 200, http.JSON, http.encode(code)

    async def _use_code(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(badge.decoder, body)
        session = await let_in.use_code(self.cell, request, tries=self._code_tries, used=self._used_codes)
        return 200, http.JSON, http.encode(session)

    async def _roll(self, scope: Any, proto: Any) -> Answer:
        meeting = http.query_of(scope.query_string).get("meeting", "")
        roll = await self._rolls.roll(self.cell, meeting, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(roll)

    async def _watch(self, scope: Any, proto: Any) -> Answer:
        value = watch.watch(self.cell, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(value)

    async def _call(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(watch.call_decoder, body)
        receipt = await watch.call(self.cell, request, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(receipt)

    async def _groups(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(groups.decoder, body)
        answer = groups.make_seats(self.cell, request, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(answer)

    async def _remove(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        request = http.decode(remove.decoder, body)
        receipt = await remove.remove(self.cell, request, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(receipt)

    async def _bbb(self, scope: Any, proto: Any) -> Answer:
        query = http.query_of(scope.query_string)
        link = bbb.join_link(self.cell, query, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(link)

    async def _session(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.JOIN_AT_MOST_BYTES)
        return 200, http.JSON, http.encode(bell.open_day(self.cell, http.decode(bell.session_decoder, body)))

    async def _bell(self, scope: Any, proto: Any) -> Answer:
        pending = await self._pending.read()
        authorization = scope.headers.get("authorization")
        return 200, http.JSON, http.encode(bell.bell(self.cell, authorization=authorization, spool_pending=pending))

    async def _live_hook(self, scope: Any, proto: Any) -> Answer:
        body = await self._bodies.read(scope.headers, proto, at_most_bytes=http.EVIDENCE_AT_MOST_BYTES)
        query = http.query_of(scope.query_string)
        await live_hook.take_hook(self.cell, body, query, authorization=scope.headers.get("authorization"))
        return 200, http.TEXT, b"ok"

    async def _health(self, scope: Any, proto: Any) -> Answer:
        loop = asyncio.get_running_loop()
        value = await loop.run_in_executor(self._reading, health, self.cell, self._archive, self._drain)
        return (200 if value.ok else 503), http.JSON, http.encode(value)

    async def _drain_page(self, scope: Any, proto: Any) -> Answer:
        query = http.query_of(scope.query_string)
        page = await self._drain.page(self.cell, query, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(page)

    async def _drain_spools(self, scope: Any, proto: Any) -> Answer:
        spools = await self._drain.spools(self.cell, authorization=scope.headers.get("authorization"))
        return 200, http.JSON, http.encode(spools)

    async def _plan(self, scope: Any, proto: Any) -> Answer:
        return await self._plan_files.answer(
            self.cell,
            scope.path[len(PREFIX) :],
            authorization=scope.headers.get("authorization"),
            if_none_match=scope.headers.get("if-none-match"),
        )

    async def _metrics(self, scope: Any, proto: Any) -> Answer:
        return 200, http.TEXT, self.metrics.text(self.cell)
