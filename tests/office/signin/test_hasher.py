"""The hasher: a real process; killed, full, slow, lied to."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from schoolday.lib.errors import BadRequest, BadSettings
from schoolday.office.signin import hasher_protocol as protocol
from schoolday.office.signin import hashers
from schoolday.office.signin.hasher import Hasher, hash_or_verify, serve
from schoolday.office.signin.hasher_protocol import Answer, HasherDown, Request, Stats
from schoolday.office.signin.hashers import HasherBusy, hasher_socket
from schoolday.office.signin.line.clerk import QUEUE_PER_SLOT
from tests.office.running import environment

_COMMAND = "from schoolday.office.signin.hasher_commands import hasher; hasher()"


def stats(path: Path) -> Stats:
    found = protocol.ask(path, Request(do="stats"), timeout_seconds=5).stats
    assert found
    return found


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["tuple[subprocess.Popen[bytes], Path]"]:
    """A hasher of one test's own, in a home of its own."""
    path = tmp_path / "run" / protocol.SOCKET_NAME
    process = subprocess.Popen([sys.executable, "-c", _COMMAND], env={**environment(tmp_path), "HASHER_SLOTS": "1"})
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    monkeypatch.setattr(hashers, "hasher_socket", lambda: path)
    yield process, path
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(10)


def test_a_password_fits_and_another_does_not(hasher: object) -> None:
    encoded = make_password("sun and moon")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("sun and moon", encoded)
    assert not check_password("sun and mooN", encoded)
    assert make_password("sun and moon") != encoded, "each with a salt of its own"
    parameters = extract_parameters("$" + encoded.partition("$")[2])
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)
    assert not identify_hasher(encoded).must_update(encoded), "or every sign-on would hash twice"
    assert check_password("niño sòlèy 🌞", make_password("niño sòlèy 🌞"))


def test_the_process_knows_no_django_and_its_socket_is_ours_alone(hasher: "subprocess.Popen[bytes]") -> None:
    code = (
        "import sys, schoolday.office.signin.hasher, schoolday.office.signin.hasher_commands\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert stat.S_IMODE(hasher_socket().stat().st_mode) == 0o600
    assert stats(hasher_socket()).pid == hasher.pid


def test_a_second_hasher_is_refused(hasher: object, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="Another hasher"):
        asyncio.run(serve(hasher_socket(), Hasher(slots=1)))
    assert stats(hasher_socket())


def test_what_makes_no_sense_is_refused_and_costs_no_hash(hasher: object) -> None:
    path = hasher_socket()
    before = stats(path).hashed
    for bad in (
        Request(do="verify", password="x", encoded="$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$aGFzaA"),
        Request(do="verify", password="x", encoded="md5$abc"),
        Request(do="hash", password="x", salt=b"short"),
        Request(do="hash", password="x" * 5_000, salt=b"longenough"),
    ):
        assert protocol.ask(path, bad, timeout_seconds=5).refused
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", (9).to_bytes(4, "big") + b"not packed", (2**31).to_bytes(4, "big")):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(os.fspath(path))
            line.sendall(nonsense)
            assert line.recv(100) == b""
    assert stats(path).hashed == before
    with pytest.raises(BadRequest):
        make_password("x" * 5_000)


def test_no_password_in_a_representation() -> None:
    assert "secret" not in repr(Request(do="hash", password="secret"))


def test_a_full_line_says_when_to_come_again_and_slots_are_kept() -> None:
    at_once, most = 0, 0
    lock, release = threading.Lock(), threading.Event()

    def slow(request: Request) -> Answer:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        release.wait(10)
        with lock:
            at_once -= 1
        return Answer(matches=True)

    async def crowd() -> list[Answer]:
        process = Hasher(slots=2, work=slow)
        request = Request(do="hash", password="x", salt=b"longenough", within_ms=60_000)
        asked = [asyncio.create_task(process.answer(request)) for _ in range(2 + 2 * QUEUE_PER_SLOT)]
        await asyncio.sleep(0.1)
        assert process.stats().waiting == 2 * QUEUE_PER_SLOT
        late = await process.answer(request)
        assert late.busy
        assert late.retry_after_seconds >= 1
        release.set()
        answers = await asyncio.gather(*asked)
        await process.finish()
        return [late, *answers]

    late, *answers = asyncio.run(crowd())
    assert most == 2
    assert not any(answer.busy for answer in answers)
    assert late.busy


def test_what_nobody_waits_for_any_more_is_not_hashed() -> None:
    def slow(_request: Request) -> Answer:
        time.sleep(0.2)
        return Answer(matches=True)

    async def crowd() -> tuple[Answer, Stats]:
        process = Hasher(slots=1, work=slow)
        first = asyncio.create_task(process.answer(Request(do="hash", salt=b"longenough")))
        second = asyncio.create_task(process.answer(Request(do="hash", salt=b"longenough", within_ms=50)))
        await asyncio.gather(first, second)
        return second.result(), process.stats()

    answer, found = asyncio.run(crowd())
    assert answer.busy
    assert (found.hashed, found.given_up) == (1, 1)


def test_the_office_hears_busy(hasher: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ask", lambda *_, **__: Answer(busy=True, retry_after_seconds=7))
    with pytest.raises(HasherBusy) as caught:
        make_password("sun and moon")
    assert caught.value.code == "busy"
    assert caught.value.retry_after_seconds == 7


def test_killed_and_started_again(own: "tuple[subprocess.Popen[bytes], Path]", tmp_path: Path) -> None:
    process, path = own
    assert make_password("sun and moon")
    process.kill()
    process.wait(10)
    assert path.exists(), "kill -9 leaves the socket behind"
    with pytest.raises(HasherDown):
        make_password("sun and moon")
    again = subprocess.Popen([sys.executable, "-c", _COMMAND], env=environment(tmp_path))
    try:
        until = time.monotonic() + 20
        while True:
            try:
                assert make_password("sun and moon")
                break
            except HasherDown:
                assert time.monotonic() < until
                time.sleep(0.05)
    finally:
        again.terminate()
        assert again.wait(10) == 0
    assert not path.exists(), "who is asked to stop cleans up"


def test_frozen_the_office_gives_up_in_time(
    own: "tuple[subprocess.Popen[bytes], Path]", monkeypatch: pytest.MonkeyPatch
) -> None:
    process, _path = own
    monkeypatch.setattr(hashers, "TIMEOUT_SECONDS", 0.3)
    process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(HasherDown):
        make_password("sun and moon")
    assert time.monotonic() - began < 2


def test_asked_to_stop_it_finishes_what_it_began(own: "tuple[subprocess.Popen[bytes], Path]") -> None:
    process, path = own
    with ThreadPoolExecutor(6) as pool:
        hashes = [pool.submit(make_password, "sun and moon") for _ in range(6)]
        until = time.monotonic() + 5
        while stats(path).hashed < 2 and time.monotonic() < until:
            time.sleep(0.005)
        process.terminate()
        assert all(one.result(10).startswith("argon2$") for one in hashes)
    assert process.wait(10) == 0


def test_the_check_of_the_command(hasher: object) -> None:
    from django.conf import settings

    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, "--check", "--json"],
        env=environment(settings.SCHOOLDAY.home),
        capture_output=True,
        check=True,
        text=True,
    )
    assert '"slots":' in done.stdout


def test_a_home_too_deep_for_a_socket_is_said() -> None:
    with pytest.raises(BadSettings, match="shorter SCHOOLDAY_HOME"):
        protocol.socket_path(Path("/" + "x" * 120))


def test_a_hash_that_is_not_ours_to_compute_is_no_match() -> None:
    assert hash_or_verify(Request(do="verify", password="x", encoded="$argon2id$broken")).matches is False
