"""The way in by phone: who gets in where by which PIN, and that the SIP service is asked as LiveKit documents it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from livekit import api
from livekit.protocol import sip

from schoolday.agents.phone.bridge import Bridge
from schoolday.agents.phone.callers_of import Way, ways
from schoolday.contracts import phone
from schoolday.contracts.plan import Deny
from schoolday.lib import clock
from schoolday.live import seats
from tests.agents.asked import reader_of
from tests.agents.sip_service import SipService
from tests.door.district import District
from tests.figures import say
from tests.live_nodes.servers import KEY, SECRET

NUMBER = "+13055550100"


@pytest.fixture
def service() -> Iterator[SipService]:
    service = SipService(key=KEY, secret=SECRET)
    yield service
    service.close()


def open_ways(district: District, **changed: Any) -> dict[str, Way]:
    values: dict[str, Any] = {
        "orgs": (), "now": clock.now_seconds(), "opens_seconds": 600, "cell_secret": district.secret, **changed
    }  # fmt: skip
    return ways(reader_of(district), **values)


def keep(service: SipService, *turns: dict[str, Way]) -> list[tuple[int, int, int]]:
    async def run() -> list[tuple[int, int, int]]:
        lk = api.LiveKitAPI(service.url, KEY, SECRET)
        try:
            bridge = Bridge(lk, numbers=(NUMBER,))
            steps = [await bridge.keep(one) for one in turns]
        finally:
            await lk.aclose()
        return [(one.made, one.dropped, one.left) for one in steps]

    return asyncio.run(run())


def test_pins_are_of_one_child_one_week_and_one_cell(district: District) -> None:
    now = clock.now_seconds()
    week = phone.week_of(now)
    assert phone.week_of(1_795_322_546) == "2026W47"
    pins = {phone.child_pin(one.sub, cell_secret=district.secret, week=week) for one in district.students}
    assert len(pins) == len(district.students)
    assert all(len(pin) == phone.PIN_DIGITS and pin.isdigit() for pin in pins)
    sub = district.student.sub
    mine = phone.child_pin(sub, cell_secret=district.secret, week=week)
    assert mine != phone.child_pin(sub, cell_secret=district.secret, week=phone.week_of(now + 7 * 86_400))
    assert mine != phone.child_pin(sub, cell_secret=b"x" * 32, week=week)
    typed = phone.dialled(section=district.section.id, sub=sub, cell_secret=district.secret, week=week)
    assert len(typed) == 11, "the bridge takes 16 at most"


def test_only_students_of_open_live_classes_have_a_way(district: District) -> None:
    found = open_ways(district).values()
    now = district.section.meetings["now"]
    assert {one.meeting for one in found} == {now.id, district.other_section.meetings["now"].id}
    mine = [one for one in found if one.meeting == now.id]
    assert {one.sub for one in mine} == {one.sub for one in (district.student, district.twin, district.small)}
    name = seats.live_name(now.id, cell_secret=district.secret, day=seats.live_day(now.starts_at))
    assert {one.live_name for one in mine} == {name}
    only = open_ways(district, orgs=(district.other_school,)).values()
    assert {one.sub for one in only} == {district.other_student.sub}


def test_who_was_taken_out_has_none_and_a_new_turn_has_another_place(district: District) -> None:
    before = {one.sub: one for one in open_ways(district).values()}
    district.turn(district.section)
    district.publish(deny=Deny(removed=((district.student.sub, district.section.id),)))
    after = {one.sub: one for one in open_ways(district).values()}
    assert district.student.sub not in after
    assert after[district.twin.sub].live_name != before[district.twin.sub].live_name
    assert after[district.twin.sub].pin == before[district.twin.sub].pin, "she types what she always types"


def test_the_sip_service_is_asked_as_documented(service: SipService, district: District) -> None:
    wanted = open_ways(district)
    assert keep(service, wanted, wanted) == [(len(wanted), 0, 0), (0, 0, 0)], "asked twice, nothing new"
    [trunk] = service.trunks.values()
    assert list(trunk.numbers) == [NUMBER]
    for rule in service.rules.values():
        way = wanted[rule.rule.dispatch_rule_direct.pin]
        assert rule.rule.dispatch_rule_direct.room_name == way.live_name
        assert dict(rule.attributes) == {"meeting": way.meeting, "role": "student", "sub": way.sub}
        assert rule.hide_phone_number, "a family's number is in no identity"
        assert list(rule.trunk_ids) == [trunk.sip_trunk_id]
    say("class-phone", f"{len(wanted)} children's PINs lead into the right live name; 0 changes when asked twice")


def test_rules_follow_the_plan_and_others_rules_stay(service: SipService, district: District) -> None:
    foreign = sip.SIPDispatchRuleInfo(sip_dispatch_rule_id="SDR_x", name="the front desk")
    foreign.rule.dispatch_rule_direct.room_name = "desk"
    service.rules["SDR_x"] = foreign
    first = open_ways(district)
    district.turn(district.section)
    district.publish()
    second = open_ways(district)
    moved = sum(one.meeting == district.section.meetings["now"].id for one in second.values())
    assert keep(service, first, second, {}) == [(len(first), 0, 0), (moved, moved, 0), (0, len(second), 0)]
    assert list(service.rules) == ["SDR_x"]


def test_a_bell_of_thousands_comes_in_pieces(service: SipService) -> None:
    many = {str(n): Way(str(n), f"s{n}", "m", "name") for n in range(450)}
    steps = keep(service, many, many, many)
    assert [one[0] for one in steps] == [200, 200, 50]
    assert steps[-1][2] == 0


def test_a_stranger_is_refused_by_the_service(service: SipService) -> None:
    async def run() -> None:
        lk = api.LiveKitAPI(service.url, KEY, "another-secret-of-at-least-32-letters")
        try:
            with pytest.raises(Exception, match=r".+"):
                await Bridge(lk, numbers=(NUMBER,)).keep({})
        finally:
            await lk.aclose()

    asyncio.run(run())
    assert service.rules == {}
