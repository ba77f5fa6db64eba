"""
What devices would send, made before the clock runs: distinct passes, distinct keys, real proofs, real nonces.

One line each, in files that the Lua scripts read: the load generator has one core, and signing on it would
measure the generator.
"""

import re
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from schoolday.contracts import day_session, passes, proofs
from schoolday.contracts.day_session import DaySession
from schoolday.contracts.joining import FirstContact, JoinRequest
from schoolday.contracts.passes import Pass
from schoolday.contracts.proofs import DeviceKey
from schoolday.drill.bench.district import DISTRICT, BenchDistrict, BenchStudent
from schoolday.lib import clock, ids, signing

_PIPELINED = 100
_NONCE = re.compile(rb'"nonce":"([A-Za-z0-9_-]+)"')
_encode = msgspec.json.Encoder().encode


def fetch_nonces(port: int, count: int) -> Iterator[str]:
    """Yield nonces of the door, asked for in rows of 100 on one connection."""
    ask = b"GET /nonce HTTP/1.1\r\nHost: bench\r\n\r\n" * _PIPELINED
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        while count > 0:
            connection.sendall(ask)
            text = b""
            while len(found := _NONCE.findall(text)) < _PIPELINED or not text.endswith(b"}"):
                part = connection.recv(1 << 16)
                if not part:
                    raise ConnectionError("the door closed the connection")
                text += part
            yield from (nonce.decode() for nonce in found[:count])
            count -= len(found)


def write_first_contacts(
    path: Path, *, district: BenchDistrict, students: Iterable[BenchStudent], nonces: Iterable[str], cell_secret: bytes
) -> int:
    """Write one `POST /join` body a line: each a student of her own with a key of her own. 300 microseconds each."""
    now, day = clock.now_seconds(), clock.now().strftime("%Y%m%d")
    written = 0
    with path.open("wb") as file:
        for student, nonce in zip(students, nonces, strict=False):
            private = ec.generate_private_key(ec.SECP256R1())
            numbers = private.public_key().public_numbers()
            key = DeviceKey(*(signing.b64(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y)))
            token = passes.sign_pass(_pass(student, cnf=proofs.thumbprint(key), now=now), district.signer)
            message = proofs.proof_message(nonce=nonce, token=token)
            r, s = decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
            first = FirstContact(
                token=token,
                tag=passes.tag_pass(token, cell_secret=cell_secret, day=day),
                nonce=nonce,
                key=key,
                proof=signing.b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
            )
            file.write(_encode(_join(student, first=first)) + b"\n")
            written += 1
    return written


def write_day_sessions(path: Path, *, students: Iterable[BenchStudent], cell_secret: bytes) -> int:
    """Write `section meeting session` a line; the Lua script adds a new event id to each request."""
    now, day = clock.now_seconds(), clock.now().strftime("%Y%m%d")
    key = day_session.session_key(cell_secret, day)
    written = 0
    with path.open("w") as file:
        for student in students:
            session = DaySession(
                sub=student.sub,
                kind="student",
                org=student.org,
                cohort="6-8.east",
                sections=student.sections,
                exp=now + 6 * 3600,
                device=signing.b64(ids.new_id().encode() * 3)[:43],
                jti=ids.new_event_id(),
                epoch=1,
            )
            file.write(f"{student.section} {student.meeting} {day_session.seal_session(session, key=key, day=day)}\n")
            written += 1
    return written


def _join(student: BenchStudent, *, first: FirstContact) -> JoinRequest:
    return JoinRequest(
        meeting=student.meeting,
        section=student.section,
        event=ids.new_event_id(),
        sent_at=clock.now_ms(),
        first=first,
    )


def _pass(student: BenchStudent, *, cnf: str, now: int) -> Pass:
    return Pass(
        iss=DISTRICT,
        sub=student.sub,
        kind="student",
        org=student.org,
        cohort="6-8.east",
        sections=student.sections,
        doors=("d1", "d2", "d3"),
        nbf=now - 3600,
        exp=now + 5 * 86_400,
        grace=now + 8 * 86_400,
        jti=ids.new_event_id(),
        epoch=1,
        cnf=cnf,
    )
