"""The feeds' channel: writes the files of every page that a notice is on."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils import timezone

from schoolday.lib.files import write_whole
from schoolday.office.notices.channels.channel import SENT, Channel, Message, Outcome
from schoolday.office.notices.channels.feeds.atom import atom, file_name
from schoolday.office.notices.channels.feeds.book import Book, book_of
from schoolday.office.notices.channels.feeds.cap import cap
from schoolday.office.notices.models import Delivery
from schoolday.settings_spec import Settings

_LANGUAGES = ("en", "es", "ht")


class Feeds(Channel):
    """
    Files in feeds/ of the plan folder: <org>.atom, <org>.es.atom, <org>.ht.atom, <org>.cap.xml (the newest), and
    <notice>.cap.xml; org `district` has all. Each is replaced in one step, and only when it changed.
    """

    name = "feeds"
    per_second = 0.0
    parallel = 1
    is_safe_twice = True

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.plan_dir / "feeds"
        self._books: dict[int, Book] = {}

    def why_off(self) -> str:
        return ""

    def before(self, rows: Sequence[Delivery]) -> None:
        self._books = {row.pk: book_of(row.notice) for row in rows}

    def send(self, message: Message) -> Outcome:
        try:
            self._write(self._books[message.delivery.pk])
        except OSError:
            return Outcome("down", "disk")
        return SENT

    def _write(self, book: Book) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        zone = ZoneInfo(timezone.get_default_timezone_name())
        alerts = {
            one.id: cap(one, areas=book.areas[one.id], zone=zone)
            for one in {one.id: one for page in book.pages for one in page.notices}.values()
        }
        for notice_id, alert in alerts.items():
            self._keep(f"{notice_id}.cap.xml", alert)
        for page in book.pages:
            for language in _LANGUAGES:
                self._keep(file_name(page.name, language), atom(page, language))
            if page.notices:
                self._keep(f"{page.name}.cap.xml", alerts[page.notices[0].id])

    def _keep(self, name: str, data: bytes) -> None:
        path = self._folder / name
        if not path.exists() or path.read_bytes() != data:
            write_whole(path, data)
