"""A notice that begins at a detour: whom it is for and what there is to tell is filled in already."""

from datetime import UTC, date, datetime

import pytest

from schoolday.contracts.plan import DetourScope
from schoolday.lib import clock
from schoolday.office.notices.models import Notice
from schoolday.office.notices.of_detour import words_of_detour
from schoolday.office.notices.texts import check_words
from schoolday.office.pathways.detours import actions
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import KINDS, NewDetour
from tests.cast import Cast
from tests.office.notices.test_pages import signed_on, text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 13, tzinfo=UTC)
NEW = "/office/notices/new/"


def declared(cast: Cast, **values: object) -> Detour:
    words: dict[str, object] = {
        "scope": DetourScope(schools=(cast.school.id,), bands=("6-8",)),
        "pathway": "",
        "from_at": NOW,
        "review_on": date(2026, 11, 30),
        "reason_key": "as_teacher",
    }
    with clock.at(NOW):
        return actions.declare(NewDetour(**{**words, **values}), actor=cast.operator)  # type: ignore[arg-type]  # a test names single fields


def test_one_tap_each_step_and_it_is_sent(cast: Cast) -> None:
    detour = declared(cast)
    client = signed_on(cast.operator)
    page = text_of(client.get(f"{NEW}?detour={detour.id}"))
    assert f'name="detour" value="{detour.id}"' in page
    assert 'value="6-8" checked' in page
    assert 'value="9-12" checked' not in page
    posted = {"detour": detour.id, "who": ["staff", "guardians"], "band": ["6-8"], "school": [cast.school.id]}
    answer = client.post(NEW, posted)
    draft = Notice.objects.get(id=answer["Location"].split("/")[4])
    assert (draft.sentences, draft.level) == (["teachers_choose_open", "review"], "warning")
    assert draft.clock_from == detour.made_at, "people wait since the decision"
    what = text_of(client.get(answer["Location"]))
    assert 'value="teachers_choose_open" checked' in what
    assert 'value="2026-11-30"' in what


@pytest.mark.parametrize("pathway", ["", *KINDS])
@pytest.mark.parametrize("until", [None, datetime(2026, 11, 20, 20, tzinfo=UTC)])
def test_whatever_is_filled_in_can_be_sent(cast: Cast, pathway: str, until: datetime | None) -> None:
    sentences, facts = words_of_detour(declared(cast, pathway=pathway, until_at=until))
    check_words(sentences=sentences, facts=facts, free={})
    assert "review" in sentences


def test_an_undone_one_says_nothing_by_itself(cast: Cast) -> None:
    detour = declared(cast)
    actions.undo(detour, actor=cast.operator)
    detour.refresh_from_db()
    assert words_of_detour(detour) == ([], {})


def test_a_detour_of_another_school_is_not_hers(cast: Cast) -> None:
    detour = declared(cast)
    assert signed_on(cast.other_principal).get(f"{NEW}?detour={detour.id}").status_code == 404
    assert signed_on(cast.principal).get(f"{NEW}?detour={detour.id}").status_code == 200
