"""
Who is in which class, as the live servers told this door; and so, which classes have students and no adult.

In memory only, about 150 bytes a person. People are kept by place, that is by live server and live name: a student on
the second server is alone there, though her teacher is still on the first; each group is a place of its own, whose
teacher may look after it from another; and a place under the live name of an earlier turn is no part of the class.
Hooks come late, twice and in the wrong order, and a server that dies sends none: each stay has LiveKit's id, each place
too, and a place that loses people without a word is given up.
"""

from collections import deque
from collections.abc import Callable, Collection

from schoolday.contracts.joining import AloneMeeting
from schoolday.door.meeting_columns import Sitting
from schoolday.door.plan import Plan
from schoolday.door.presence_class import PresentClass, PresentPlace
from schoolday.live.seats import ADULTS
from schoolday.live.webhooks import Place, PlaceNews, Sighting

ALONE_AFTER_SECONDS = 20  # a class that moves to another server, or a teacher whose line breaks, is back by then
CALL_LASTS_SECONDS = 600  # where no hook tells that an adult came; who still waits calls again
PEOPLE_AT_MOST = 100_000  # 15 MB; a door that hears of more is told by too many live servers
CLASSES_AT_MOST = 20_000
EVENTS_OF_ONE_CALL = 5  # who called is kept of so many, in a minute
_CALL_SECONDS = 60
_SILENT_SECONDS = 60  # a live server tells within seconds that a device has gone
_UNKNOWN_SECONDS = 4 * 3600
_SWEEP_SECONDS = 60
_GONE_KEPT = 20_000


class Presence:
    """On the loop's thread only. Times in seconds."""

    def __init__(self, *, name_of: Callable[[Sitting, int], str]) -> None:
        """`name_of`: the live name of a meeting and a group of it, as its turn is in the plan in force."""
        self.people = self.calls = self.not_followed = 0
        self._name_of = name_of
        self._classes: dict[str, PresentClass] = {}
        self._names: dict[str, str] = {}  # live name -> meeting
        self._to_look_at: set[str] = set()  # meetings with students and no adult somewhere, or with a call
        self._gone: set[int] = set()
        self._gone_in_order: deque[int] = deque()
        self._swept_at = 0
        self._restoring = False
        self._heard_of: set[int] = set()
        self._alone: tuple[int, int, dict[str, AloneMeeting]] = (0, 0, {})

    def see(self, plan: Plan | None, sighting: Sighting, *, node: str, now: int, restored: bool = False) -> None:
        """
        Take in that somebody came or left. A few microseconds; 1.5 milliseconds for a class not heard of before.

        `restored`: it is of before this door started; who was heard of since is not put back by it.
        """
        person, stay = hash(sighting.live_identity), hash(sighting.connection) if sighting.connection else 0
        heard = hash((sighting.live_identity, sighting.group)) if sighting.watching else person
        if restored and heard in self._heard_of:
            return
        if self._restoring and not restored:
            self._heard_of.add(heard)
        if sighting.kind == "left":
            self._left(sighting, person, stay, node=node, now=now)
        elif sighting.role in ADULTS or sighting.role == "student":
            self._came(plan, sighting, person, stay, node=node, now=now)

    def begin_restoring(self) -> None:
        """Remember from now on who is heard of, until the spool is read."""
        self._restoring = True

    def end_restoring(self) -> None:
        self._restoring = False
        self._heard_of.clear()

    def hear(self, news: PlaceNews, *, node: str, now: int) -> None:
        """Take in that a class began anew on a server, which then has forgotten who was in it, or ended there."""
        meeting = self._names.get(news.place.name)
        value = self._classes.get(meeting) if meeting else None
        place = value.place(node, news.place.name) if value else None
        if meeting is None or value is None or place is None:
            return
        same = news.place.sid == place.sid
        if news.kind == "finished":
            over = same or not news.place.sid or not place.sid
        else:
            over = not same and news.place.began_at >= place.began_at
        if over:
            self.people -= place.clear()
            place.sid, place.began_at = news.place.sid, news.place.began_at
            self._changed(meeting, value, place, now=now)

    def call(self, plan: Plan, sitting: Sitting, *, live_identity: str, event: str, now: int) -> bool:
        """
        Take in that someone in a class asks for an adult. Return whether to keep it as evidence.

        All calls of a minute are one: it shows from the first on, and of few callers the event is kept, of each one.
        """
        person = hash(live_identity)
        value = self._class(plan, sitting.meeting, now=now)
        if value is None:
            return True  # too full to follow; the evidence is kept all the same
        if now - value.call_began >= _CALL_SECONDS:
            value.call_began, value.callers = now, {}
        known = value.callers.get(person)
        if known is not None or len(value.callers) >= EVENTS_OF_ONE_CALL:
            return known == event
        if not value.callers:
            self.calls += 1
        value.callers[person] = event
        if not value.called_at and not value.has_adult_with(person):
            value.called_at = now
            self._to_look_at.add(sitting.meeting)
            self._alone = (0, 0, {})  # it shows at once
        return True

    def alone(self, plan: Plan, *, now: int) -> dict[str, AloneMeeting]:
        """Return the classes without an adult, by meeting; worked out once a second. 2 microseconds a candidate."""
        kept_at, version, found = self._alone
        if kept_at == now and version == plan.index.version:
            return found
        self._sweep(now)
        found = {}
        for meeting in list(self._to_look_at):
            value = self._classes[meeting]
            self._learn(plan, meeting, value)
            one = self._judge(plan, meeting, value, now=now)
            if one is not None:
                found[meeting] = one
            elif not value.needs_a_look:
                self._to_look_at.discard(meeting)
        self._alone = (now, plan.index.version, found)
        return found

    def people_at(self, orgs: Collection[str]) -> int:
        """Return how many are in classes of these schools. 2 milliseconds for 20,000 classes."""
        return sum(
            len(place.students) + len(place.adults)
            for value in self._classes.values()
            if value.org in orgs
            for place in value.places
        )

    def _came(self, plan: Plan | None, sighting: Sighting, person: int, stay: int, *, node: str, now: int) -> None:
        if stay in self._gone:
            return  # the hook was late: she has left since
        value = self._class(plan, sighting.meeting, now=now)
        if value is None or (sighting.role == "student" and self.people >= PEOPLE_AT_MOST):
            self.not_followed += 1
            return
        place = self._place(value, sighting.meeting, node=node, told=sighting.place, group=sighting.group)
        if place is None:
            return
        if sighting.watching:
            self._watches(value, sighting, place, person, stay, now=now)
            return
        for other in list(value.places):
            if other.remove(person):
                self.people -= 1
                if other is not place:
                    other.doubted_at = other.doubted_at or now
                    self._changed(sighting.meeting, value, other, now=now)
        (place.adults if sighting.role in ADULTS else place.students)[person] = stay
        self.people += 1
        if sighting.role in ADULTS:
            value.had_adult, value.called_at = True, 0
        place.doubted_at = 0
        self._changed(sighting.meeting, value, place, now=now)

    def _watches(
        self, value: PresentClass, sighting: Sighting, place: PresentPlace, person: int, stay: int, *, now: int
    ) -> None:
        """Take in a grown-up who looks after a place. She does so in many at once, in each group on one server."""
        if sighting.role not in ADULTS:
            return
        for other in list(value.places):
            if other is not place and other.group == place.group and person in other.watchers:
                other.remove_watcher(person)
                self._changed(sighting.meeting, value, other, now=now)
        place.watchers[person] = stay
        value.had_adult, value.called_at = True, 0
        place.doubted_at = 0
        self._changed(sighting.meeting, value, place, now=now)

    def _left(self, sighting: Sighting, person: int, stay: int, *, node: str, now: int) -> None:
        if stay and stay not in self._gone:
            self._gone.add(stay)
            self._gone_in_order.append(stay)
            if len(self._gone_in_order) > _GONE_KEPT:
                self._gone.discard(self._gone_in_order.popleft())
        value = self._classes.get(sighting.meeting)
        if value is None:
            return
        for place in list(value.places):
            if place.node == node and sighting.place.name in (place.name, ""):
                place.doubted_at = 0
                place.remove_watcher(person, stay=stay)
                if place.remove(person, stay=stay):
                    self.people -= 1
                self._changed(sighting.meeting, value, place, now=now)

    def _place(self, value: PresentClass, meeting: str, *, node: str, told: Place, group: int) -> PresentPlace | None:
        """Return the place that a hook speaks of, empty if it began anew; None if it speaks of one from before."""
        place = value.place(node, told.name)
        if place is None:
            place = PresentPlace(node, told.name, told.sid, told.began_at, group=group)
            value.places.append(place)
            self._names[told.name] = meeting
        elif told.sid != place.sid and told.sid:
            if told.began_at < place.began_at:
                return None
            if place.sid:  # what the spool told has none: it is this one
                self.people -= place.clear()
            place.sid, place.began_at = told.sid, told.began_at
        return place

    def _class(self, plan: Plan | None, meeting: str, *, now: int) -> PresentClass | None:
        self._sweep(now)
        value = self._classes.get(meeting)
        if value is None and len(self._classes) < CLASSES_AT_MOST:
            value = self._classes[meeting] = PresentClass(ends_at=now + _UNKNOWN_SECONDS)
        if value is not None and plan is not None:
            self._learn(plan, meeting, value)
        return value

    def _learn(self, plan: Plan, meeting: str, value: PresentClass) -> None:
        """Find the class in a plan in which it was not looked for yet."""
        if value.version == plan.index.version:
            return
        value.version = plan.index.version
        sitting = plan.find(value.section, meeting) if value.section else plan.find_meeting(meeting)
        if sitting is not None:
            value.section, value.org, value.names = sitting.section, sitting.org, {}
            value.starts_at, value.ends_at = sitting.starts_at, sitting.ends_at

    def _name_now(self, plan: Plan, meeting: str, value: PresentClass, group: int) -> str:
        name = value.names.get(group)
        if name is None:
            sitting = plan.find(value.section, meeting)
            name = value.names[group] = self._name_of(sitting, group) if sitting is not None else ""
        return name

    def _judge(self, plan: Plan, meeting: str, value: PresentClass, *, now: int) -> AloneMeeting | None:
        if now - value.called_at >= CALL_LASTS_SECONDS:
            value.called_at = 0
        students, since = 0, 0
        for place in list(value.places):
            if place.doubted_at and now - place.doubted_at >= _SILENT_SECONDS:
                self.people -= place.clear()
                self._changed(meeting, value, place, now=now)
            if not place.unwatched_at or place.name != self._name_now(plan, meeting, value, place.group):
                continue
            began = place.unwatched_at if value.had_adult else max(place.unwatched_at, value.starts_at)
            if now - began >= ALONE_AFTER_SECONDS:
                students += len(place.students)
                since = min(since or began, began)
        if not value.section or now >= value.ends_at or not (students or value.called_at):
            return None
        return AloneMeeting(
            meeting=meeting,
            section=value.section,
            org=value.org,
            since=since or value.called_at,
            students=max(students, 1),  # who calls is there, whether a live server told this door or not
            called_at=value.called_at,
        )

    def _changed(self, meeting: str, value: PresentClass, place: PresentPlace, *, now: int) -> None:
        place.note(now=now)
        if place.is_empty and not place.doubted_at:
            value.places.remove(place)
            if all(other.name != place.name for other in value.places):
                self._names.pop(place.name, None)
        if value.needs_a_look:
            self._to_look_at.add(meeting)
        else:
            self._to_look_at.discard(meeting)

    def _sweep(self, now: int) -> None:
        """Forget the classes that are over."""
        if 0 <= now - self._swept_at < _SWEEP_SECONDS:
            return
        self._swept_at = now
        for meeting in [meeting for meeting, value in self._classes.items() if value.ends_at <= now]:
            value = self._classes.pop(meeting)
            self._to_look_at.discard(meeting)
            for place in value.places:
                self.people -= place.clear()
                self._names.pop(place.name, None)
