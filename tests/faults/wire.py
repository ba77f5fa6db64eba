"""One HTTP request as a device makes it: its own line, one time-out over all of it, and what went wrong by layer."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

_ANSWER_AT_MOST_BYTES = 1_000_000  # a stranger's page may never end


@dataclass(frozen=True)
class Address:
    """Where a door is, as a device of one network sees it."""

    host: str
    port: int


class Unanswered(Exception):
    """
    No answer of ours. `layer`: line, slow, stranger or server; `reached`: the request may have come to a door.
    """

    def __init__(self, layer: str, *, reached: bool, retry_after_seconds: float = 0) -> None:
        super().__init__(layer)
        self.layer, self.reached, self.retry_after_seconds = layer, reached, retry_after_seconds


class Refused(Exception):
    """A door of ours said no, for good; the message is its code."""


async def ask(
    address: Address,
    method: str,
    path: str,
    *,
    body: object = None,
    session: str | None = None,
    needs: tuple[str, ...],
    timeout_seconds: float,
) -> dict[str, Any]:
    """
    Return the JSON object of a good answer that has the fields `needs`; as app/src/lib/request.ts judges it.

    :raises Unanswered: if whoever answered is not ours, or nobody did
    :raises Refused: if a door of ours says no
    """
    sent = False
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(timeout_seconds):
            reader, writer = await asyncio.open_connection(address.host, address.port)
            raw = b"" if body is None else json.dumps(body).encode()
            day = f"Authorization: Day {session}\r\n" if session else ""
            sent = True
            writer.write(
                f"{method} {path} HTTP/1.1\r\nHost: door\r\nConnection: close\r\n{day}"
                f"Content-Length: {len(raw)}\r\n\r\n".encode()
                + raw
            )
            status, text = await _answer(reader)
    except TimeoutError:
        raise Unanswered("slow", reached=sent) from None
    except (OSError, EOFError, asyncio.LimitOverrunError, ValueError):
        raise Unanswered("line", reached=sent) from None
    finally:
        if writer is not None:
            writer.transport.abort()
    return _judged(status, text, needs)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if "content-length" in headers:
        return status, await reader.readexactly(min(int(headers["content-length"]), _ANSWER_AT_MOST_BYTES))
    return status, await reader.read(_ANSWER_AT_MOST_BYTES)


def _judged(status: int, text: bytes, needs: tuple[str, ...]) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        raise Unanswered("stranger", reached=True) from None
    if not isinstance(value, dict):
        raise Unanswered("stranger", reached=True)
    if 200 <= status < 300:
        if all(field in value for field in needs):
            return value
        raise Unanswered("stranger", reached=True)
    if not isinstance(value.get("code"), str):
        raise Unanswered("stranger", reached=True)
    if value.get("retryable") or status >= 500:
        # `busy` says that nothing was kept; any other trouble of a server leaves it open.
        after = float(value.get("retry_after_seconds") or 0)
        raise Unanswered("server", reached=value["code"] != "busy", retry_after_seconds=after)
    raise Refused(value["code"])
