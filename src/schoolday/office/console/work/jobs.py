"""What the worker does, and how often."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Max

from schoolday.lib import clock
from schoolday.office.attendance.closing import close_ended
from schoolday.office.attendance.drain import drain_door
from schoolday.office.attendance.models import RefusedEvidence
from schoolday.office.attendance.reconcile import Nightly
from schoolday.office.attendance.spools import DoorClient, new_http_client
from schoolday.office.classbook import forgetting as classbook
from schoolday.office.console.readiness import kept
from schoolday.office.console.work import queue
from schoolday.office.console.work.job import Job
from schoolday.office.incidents.help import collecting as help_requests
from schoolday.office.notices import jobs as notices
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.cards import jobs as cards
from schoolday.office.pathways.copying import jobs as copying
from schoolday.office.pathways.detours import due
from schoolday.office.pathways.models import Denial, PlanRelease
from schoolday.office.pathways.ways import jobs as ways
from schoolday.office.people.models import AuditEntry
from schoolday.office.recordings import jobs as recordings
from schoolday.office.rosters.models import ImportRun
from schoolday.office.signin import throttle
from schoolday.office.signin.models import EpochRise, RevokedPass
from schoolday.settings_spec import Settings

DRAIN_SECONDS = 2.0
DRAIN_REST_SECONDS = 8.0  # a door, or the database, that is back is drained within 10 s
RECONCILE_SECONDS = 600.0  # how often it looks whether tonight's was done
CLOSE_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 6 * 3_600.0
LOOK_AGAIN_BACK = timedelta(days=2)
PLAN_SECONDS = 10.0
EVENING_HOUR = 18  # the plan of the next days is made once more, after the office has gone home
SWEEP_SECONDS = 3_600.0
QUEUE_SECONDS = 1.0
REFUSED_KEPT = timedelta(days=90)
_PAGES_IN_ONE_ROUND = 50


def all_jobs(settings: Settings) -> list[Job]:
    """Return the jobs of one worker; one per door, so that a dead one delays no other."""
    doors = settings.doors_drain.items()
    return [
        *(drain_job(door, url) for door, url in doors),
        *(Job(f"reconcile:{door}", RECONCILE_SECONDS, Nightly(DoorClient(door, url)), 600) for door, url in doors),
        Job("close", CLOSE_SECONDS, lambda: close_ended()),
        Job("close-again", LOOK_AGAIN_SECONDS, lambda: close_ended(look_back=LOOK_AGAIN_BACK)),
        Job("plan", PLAN_SECONDS, PublishWhenChanged(), rest_at_most_seconds=30),
        *(Job(name, copying.EVERY_SECONDS, run) for name, run in copying.all_copies(settings).items()),
        Job("cards", cards.EVERY_SECONDS, cards.WriteWhenNew(settings), rest_at_most_seconds=30),
        Job("detours", due.EVERY_SECONDS, due.PublishWhenDue(), rest_at_most_seconds=8),
        *(Job(name, seconds, run) for name, (seconds, run) in ways.all_rounds(settings).items()),
        Job("help", help_requests.EVERY_SECONDS, lambda: help_requests.collect() or None, rest_at_most_seconds=8),
        Job("readiness", kept.EVERY_SECONDS, kept.CountWhenDue()),
        Job("sweep", SWEEP_SECONDS, sweep),
        Job("class-book", classbook.EVERY_SECONDS, classbook.ForgetOld(settings)),
        Job("recordings", recordings.EVERY_SECONDS, recordings.clean),
        Job("queue", QUEUE_SECONDS, queue.run_waiting),
        *(
            Job(name, notices.EVERY_SECONDS, run, rest_at_most_seconds=10)
            for name, run in notices.all_rounds(settings).items()
        ),
    ]


def drain_job(door: str, url: str) -> Job:
    """Return the job that drains one door."""
    http = new_http_client()

    def run() -> object:
        drained = drain_door(DoorClient(door, url, http), pages_at_most=_PAGES_IN_ONE_ROUND)
        return (
            {"new": drained.new, "known": drained.known, "refused": drained.refused}
            if any((drained.new, drained.known, drained.refused))
            else None
        )

    return Job(f"drain:{door}", DRAIN_SECONDS, run, rest_at_most_seconds=DRAIN_REST_SECONDS)


class PublishWhenChanged:
    """
    Publish the plan at the start, at midnight, in the evening, and whenever something it is made of changed.

    Publishing writes nothing when the plan would be the same; this only spares the looking. Nine small queries a round.
    """

    def __init__(self) -> None:
        self._published: tuple[object, ...] | None = None

    def __call__(self) -> object:
        seen = self.seen()
        if seen == self._published:
            return None
        before = PlanRelease.objects.aggregate(version=Max("version"))["version"]
        release = publish_plan()
        self._published = seen
        return None if release.version == before else {"version": release.version, "meetings": release.meetings}

    @staticmethod
    def seen() -> tuple[object, ...]:
        """Return what tells one plan from the next: the day, the evening, and what people have done since."""
        from django.utils import timezone

        local = timezone.localtime(clock.now())
        # Marks and files of the register, calls, and who looked at what, come all day and change no plan.
        acts = AuditEntry.objects.exclude(verb__startswith="register.").exclude(verb__startswith="plan.")
        acts = acts.exclude(verb__startswith="look.").exclude(verb__startswith="password.")
        acts = acts.exclude(verb__startswith="preference.")
        acts = acts.exclude(verb__startswith="call.").exclude(verb__startswith="help.")
        acts = acts.exclude(verb__startswith="incident.").exclude(verb__startswith="classbook.")
        acts = acts.exclude(verb__startswith="recording.").exclude(verb__startswith="consent.")
        return (
            local.date(),
            local.hour >= EVENING_HOUR,
            acts.aggregate(last=Max("id"))["last"],
            ImportRun.objects.filter(state=ImportRun.State.IMPORTED).aggregate(last=Max("finished_at"))["last"],
            *(
                tuple(model.objects.aggregate(last=Max(field)).values())
                for model, field in ((Denial, "made_at"), (RevokedPass, "revoked_at"), (EpochRise, "until"))
            ),
        )


def sweep() -> object:
    """Drop what nobody looks at any more: old tries at signing on, sessions that are over, old refusals, done jobs."""
    throttle.sweep()
    SessionStore.clear_expired()
    refused, _ = RefusedEvidence.objects.filter(at__lt=clock.now() - REFUSED_KEPT).delete()
    done = queue.forget_done()
    return {"refused": refused, "jobs": done} if refused or done else None
