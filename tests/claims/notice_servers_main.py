"""The process of notice_servers: SMTP by aiosmtpd, Twilio and push by the plainest HTTP; counts, keeps no bodies."""

import asyncio
import base64
import json
import os
import sys
import urllib.parse
from collections import Counter
from typing import Any

from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEEN: dict[str, Counter[str]] = {way: Counter() for way in ("mail", "sms", "voice", "push")}
LATER = {"is_on": False}
REFUSED: set[str] = set()


class _Handler:
    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take an address; when it is asked for, only at the second try, as servers with a grey list do."""
        if LATER["is_on"] and address not in REFUSED:
            REFUSED.add(address)
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        SEEN["mail"][envelope.rcpt_tos[0]] += 1
        return "250 OK"


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            path = head.split(" ", 2)[1]
            length = next((int(x[15:]) for x in head.lower().split("\r\n") if x.startswith("content-length:")), 0)
            body = await reader.readexactly(length)
            status, said = _answer(path, head, body)
            data = json.dumps(said).encode()
            writer.write(f"HTTP/1.1 {status} OK\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def _answer(path: str, head: str, body: bytes) -> tuple[int, Any]:
    if path == "/distinct":
        return 200, {way: len(seen) for way, seen in SEEN.items()}
    if path == "/twice":
        return 200, {way: sum(n > 1 for n in seen.values()) for way, seen in SEEN.items()}
    if path == "/refused":
        return 200, {"mail": len(REFUSED)}
    if path == "/later":
        LATER["is_on"] = True
        return 200, {}
    if path == "/reset":
        LATER["is_on"] = False
        REFUSED.clear()
        for seen in SEEN.values():
            seen.clear()
        return 200, {}
    if path.endswith(("/Messages.json", "/Calls.json")):
        if f"Basic {base64.b64encode(b'AC1:t').decode()}" not in head:
            return 401, {"code": 20003}
        form = urllib.parse.parse_qs(body.decode())
        way = "sms" if path.endswith("/Messages.json") else "voice"
        SEEN[way][form["To"][0]] += 1
        return 201, {"sid": f"{way}{len(SEEN[way])}"}
    if path.startswith("/push/"):
        SEEN["push"][path] += 1
        return 201, {}
    return 404, {}


async def _main(mail_port: int, http_port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(_Handler(), hostname="mail.test", loop=loop), "127.0.0.1", mail_port)
    server = await asyncio.start_server(_http, "127.0.0.1", http_port)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = base64.urlsafe_b64encode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).rstrip(b"=")
    os.write(1, point + b"\n")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
