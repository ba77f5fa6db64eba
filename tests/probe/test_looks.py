"""Single looks, against real sockets: each way of failing has its words, and none takes longer than its time."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from schoolday import settings_spec
from schoolday.contracts.plan import INDEX_PATH
from schoolday.contracts.probes import Probe, ProbeReport
from schoolday.lib import clock, signing
from schoolday.lib.errors import BadSettings
from schoolday.probe import asks, others
from schoolday.probe.look import Look, Refused, Said, take
from schoolday.probe.plan_look import PlanLook
from schoolday.probe.rates import Rates
from schoolday.probe.serve import ReportServer
from schoolday.probe.targets import Targets
from tests.door.district import DISTRICT, District
from tests.forging import altered
from tests.free_ports import free_ports


class Web:
    """A server of the test: what to answer to which path."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, bytes]] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = pages.get(self.path, (404, b"{}"))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.server.shutdown()
    web.server.server_close()


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield int(listener.getsockname()[1])


def look(ask: Callable[[httpx.AsyncClient], Awaitable[Said]], *, seconds: float = 5.0) -> Probe:
    async def once() -> Probe:
        async with httpx.AsyncClient(timeout=seconds, trust_env=False) as http:
            return await take(
                Look("door", "d1", "secret address", lambda: ask(http)), vantage="inside", timeout_seconds=seconds
            )

    return asyncio.run(once())


def test_a_door_that_is_one(web: Web) -> None:
    web.pages["/health"] = (200, b'{"door":"d1","plan_trouble":""}')
    web.pages["/nonce"] = (200, b'{"nonce":"n","server_at":1}')
    found = look(lambda http: asks.door(http, web.url, door_id="d1"))
    assert (found.state, found.what, found.vantage) == ("well", "", "inside")
    assert found.ms < 2_000


@pytest.mark.parametrize(
    ("health", "state", "what"),
    [
        ((200, b'{"door":"d2"}'), "dead", "a stranger answers"),
        ((200, b"<html>Welcome to the hotel</html>"), "dead", "a stranger answers"),
        ((200, b"[]"), "dead", "a stranger answers"),
        ((503, b'{"door":"d1"}'), "dead", "it has no plan"),
        ((502, b"Bad gateway"), "dead", "answers 502"),
        ((200, b'{"door":"d1","plan_trouble":"older"}'), "slow", "it refuses the plan it finds"),
    ],
)
def test_a_door_that_is_none(web: Web, health: tuple[int, bytes], state: str, what: str) -> None:
    web.pages.update({"/health": health, "/nonce": (200, b'{"nonce":"n"}')})
    found = look(lambda http: asks.door(http, web.url, door_id="d1"))
    assert (found.state, found.what) == (state, what)


def test_a_silent_part_costs_its_time_and_no_more(silent: int) -> None:
    began = time.monotonic()
    for ask in (
        lambda http: asks.page(http, f"http://127.0.0.1:{silent}/"),
        lambda http: asks.mail("127.0.0.1", silent, tls="none"),
    ):
        found = look(ask, seconds=0.3)
        assert found.state == "dead"
        assert found.what.startswith("no answer in")
    assert time.monotonic() - began < 5


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = int(gone.getsockname()[1])
    assert look(lambda http: asks.page(http, f"http://127.0.0.1:{port}/")).what == "nobody listens"
    assert look(lambda _: asks.connect("127.0.0.1", port)).what == "nobody listens"
    assert look(lambda _: asks.hasher(tmp_path / "none.sock")).what == "it is not there"
    assert look(lambda _: asks.resolve("no-such-name.invalid")).what == "the name is not known"
    assert look(lambda _: asks.resolve("localhost")).state == "well"


def test_the_database_is_not_blamed_for_the_office(web: Web) -> None:
    web.pages["/api/health"] = (503, b'{"code":"database","text":"","retryable":true}')
    assert look(lambda http: asks.database(http, web.url)).what == "the office cannot reach it"
    assert look(lambda http: asks.office(http, web.url)).what == "its database does not answer"
    web.pages["/api/health"] = (500, b"")
    assert look(lambda http: asks.database(http, web.url)).state == "unknown"
    assert look(lambda http: asks.office(http, web.url)).what == "answers 500"
    web.pages["/api/health"] = (200, b'{"ok":true}')
    assert look(lambda http: asks.database(http, web.url)).state == "well"
    assert look(lambda http: asks.office(http, web.url)).state == "well"
    assert look(lambda http: asks.database(http, "http://127.0.0.1:9")).state == "unknown"


def test_a_real_mail_server() -> None:
    port = int(free_ports("MAIL")["MAIL"])
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert look(lambda _: asks.mail("127.0.0.1", port, tls="none")).state == "well"
    finally:
        controller.stop()
    assert look(lambda _: asks.mail("127.0.0.1", port, tls="none")).what == "nobody listens"


def test_the_plan_on_a_host(web: Web, tmp_path: Path) -> None:
    district = District(tmp_path / "plan")
    plan = PlanLook(root_public=signing.b64(district.root.public_bytes()), district=DISTRICT)

    def ask() -> Probe:
        web.pages[f"/{INDEX_PATH}"] = (200, (district.folder / INDEX_PATH).read_bytes())
        return look(lambda http: plan.ask(http, web.url))

    until = clock.now().date().isoformat()
    district.publish(until_date=until)
    old = (district.folder / INDEX_PATH).read_text()
    assert ask().state == "well"
    district.publish(until_date=until)
    assert (ask().state, plan.version) == ("well", district.version)
    (district.folder / INDEX_PATH).write_text(old)
    assert ask().state == "well", "a host may lag for a minute"
    plan._seen_at -= 61
    assert ask().what == f"plan {district.version - 1}, elsewhere {district.version}"
    district.publish(until_date="2020-01-01")
    assert ask().what == "the plan ended on 2020-01-01"
    (district.folder / INDEX_PATH).write_text(altered(old, -9))
    assert ask().what == "no key in force signed the plan"
    other = PlanLook(root_public=signing.b64(District(tmp_path / "b").root.public_bytes()), district=DISTRICT)
    with pytest.raises(Refused, match="no key in force"):
        other.open(old)


def metrics(**counts: int) -> str:
    lines = {"join": ("/join", "ok"), "nonce": ("/nonce", "ok"), "bad": ("/join", "bad_pass"), "plan": ("/plan/", "ok")}
    return "\n".join(
        'schoolday_door_answers_total{{call="{}",verdict="{}"}} {}.0'.format(*lines[name], count)
        for name, count in counts.items()
    )


@pytest.mark.parametrize(
    ("counts", "is_flood"),
    [
        ({"join": 30_000, "nonce": 31_000, "bad": 50}, False),  # a bell: 3,000 entries a second
        ({"join": 10, "nonce": 60_000}, True),
        ({"join": 0, "bad": 57_000}, True),
        ({"plan": 50_000, "nonce": 2_000}, False),  # devices that ask for the plan
        ({"nonce": 4_000}, False),  # below what a flood begins with
    ],
)
def test_a_bell_is_no_flood(counts: dict[str, int], is_flood: bool) -> None:
    rates = Rates(flood_per_second=500)
    rates.take("d1", metrics(join=5, nonce=9, bad=1, plan=4), at_ms=0)
    assert rates.judge()[0] == "well"
    base = {"join": 5, "nonce": 9, "bad": 1, "plan": 4}
    rates.take("d1", metrics(**{name: base[name] + counts.get(name, 0) for name in base}), at_ms=10_000)
    state, what = rates.judge()
    assert (state == "slow") is is_flood
    assert what.startswith("flood") is is_flood
    rates.take("d1", metrics(join=1), at_ms=20_000)  # the door was started again
    assert rates.judge()[0] == "well"


def test_other_places_are_heard_and_cannot_speak_for_inside(web: Web) -> None:
    now = clock.now_seconds()

    def probe(vantage: str, *, at: int = now) -> Probe:
        return Probe(layer="door", part="d" * 80, vantage=vantage, state="dead", ms=1, at=at, what="<script>")

    server = ReportServer(host="127.0.0.1", port=0)
    server.report = msgspec.json.encode(
        ProbeReport(made_at=now, probes=(probe("miami", at=now + 9_000), probe("inside")))
    )
    web.pages["/old"] = (200, msgspec.json.encode(ProbeReport(made_at=now - 500, probes=(probe("bogota"),))))
    web.pages["/lies"] = (200, b"<html>")

    async def read() -> tuple[Probe, ...]:
        urls = (
            f"http://127.0.0.1:{server.port}/probes",
            f"{web.url}/old",
            f"{web.url}/lies",
            "http://127.0.0.1:9/probes",
        )
        async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
            return await others.read(http, urls)

    found = asyncio.run(read())
    lines = {one.part: one.state for one in found if one.layer == "line"}
    assert lines == {"outside 1": "well", "outside 2": "well", "outside 3": "well", "outside 4": "dead"}
    (miami,) = [one for one in found if one.layer == "door"]
    assert (miami.vantage, miami.part, miami.what) == ("miami", "d" * 40, "")
    assert miami.at <= clock.now_seconds()
    assert httpx.get(f"http://127.0.0.1:{server.port}/else", trust_env=False).status_code == 404
    server.close()


def test_settings_that_make_no_sense_are_said(tmp_path: Path) -> None:
    environ = {"SCHOOLDAY_HOME": str(tmp_path), "ROOT_PUBLIC_KEY": "x", "PROBE_LINE": "gateway"}
    with pytest.raises(BadSettings, match="PROBE_LINE: 'gateway' will not do"):
        Targets(settings_spec.load(environ), httpx.AsyncClient())
    with pytest.raises(BadSettings, match="PROBE_EVERY_SECONDS"):
        settings_spec.load({**environ, "PROBE_EVERY_SECONDS": "0"})


def test_what_is_looked_at_from_where(tmp_path: Path) -> None:
    environ = {"SCHOOLDAY_HOME": str(tmp_path), "ROOT_PUBLIC_KEY": "x", "MAIL_HOST": "mail", "PROBE_LINE": "gw:53"}
    inside = Targets(settings_spec.load(environ), httpx.AsyncClient()).looks
    outside = Targets(settings_spec.load({**environ, "PROBE_VANTAGE": "miami"}), httpx.AsyncClient()).looks
    layers = {look.layer for look in inside}
    assert layers == {"line", "dns", "edge", "door", "sign_on", "database", "live", "mail", "plan"}
    assert {look.layer for look in outside} == layers - {"database", "mail"}
    assert {look.part for look in inside if look.layer == "plan"} == {"a", "b"}
    assert all(look.address.startswith("http://127.0.0.1:801") for look in inside if look.layer == "door")
    assert all("/door/" in look.address for look in outside if look.layer == "door")


def test_doors_that_are_dead_or_hang_are_no_flood(silent: int) -> None:
    rates = Rates(flood_per_second=500)
    doors = {"d1": "http://127.0.0.1:1", "d2": f"http://127.0.0.1:{silent}", "d3": f"http://127.0.0.1:{silent}"}

    async def once() -> Probe:
        async with httpx.AsyncClient(trust_env=False) as http:
            look = Look("edge", "flood", "", lambda: rates.ask(http, doors), is_timed=False)
            return await take(look, vantage="inside")

    assert asyncio.run(once()).state == "unknown"
    rates.take("d4", metrics(join=1), at_ms=0)  # one door that still tells, and the look takes long all the same
    assert asyncio.run(once()).state == "well"
