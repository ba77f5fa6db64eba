"""Mail through a real SMTP server: words, languages, refusals, later, slow, dead."""

from pathlib import Path
from typing import Any

import pytest

from schoolday.lib import clock
from schoolday.office.notices.models import Delivery
from tests.cast import Cast
from tests.office.notices.mail_server import Mailbox, mail_server
from tests.office.notices.sending import give_contacts, mail_settings, moved, row, runner, send_all, states

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State


def test_every_guardian_reads_it_in_her_language_and_teachers_are_first(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    with mail_server() as box:
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        send_all("mail", "feeds", "webhooks", folder=tmp_path)
    assert set(box.to) == {"teacher@bay.example", "principal@bay.example", "guardian@bay.example"}
    assert box.to[-1] == "guardian@bay.example"
    assert all(count == 1 for count in box.ids.values())
    mail = box.to_one("guardian@bay.example")
    assert mail["Subject"] == "Klas yo chanje plas"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert "Kounye a klas yo fèt sou Zoom olye de videyo an dirèk, jiska vandredi 20 novanm, 3:00 PM." in text
    assert "Nou pral gade sa ankò lendi 23 novanm" in text
    assert 'lang="ht"' in html.get_content()
    assert states(notice, "mail") == {State.SENT: 3}
    notice.refresh_from_db()
    assert notice.state == "done"
