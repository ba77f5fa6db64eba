"""A child comes in: first contact, day session, and the arrival that is kept."""

from schoolday.lib import ids
from tests.door.district import District
from tests.door.process import Door


def test_the_first_contact_opens_the_class_and_the_day(door: Door, district: District) -> None:
    answer = door.first_join(district.student, district.section)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    ticket = body["ticket"]
    assert ticket["state"] == "live"
    assert [seat["node"] for seat in ticket["seats"]] == ["n1", "n2"]
    assert ticket["alternates"][0]["url"] == "https://zoom.us/j/123"

    again = door.join(district.section, session=body["session"])
    assert again.status_code == 200, again.text
    assert again.json()["session"] is None
