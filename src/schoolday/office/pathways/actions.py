"""Publishing the plan, and what changes where a section meets. One verb, one transaction, an audit row."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from msgspec.structs import replace

from schoolday.contracts import keys
from schoolday.contracts.plan import Deny, PlanIndex, SchoolFiles
from schoolday.lib import clock, log
from schoolday.lib.errors import BadSettings
from schoolday.lib.signing import BadSignature, Signer, Verifier, unb64
from schoolday.office.pathways.denials import deny_list
from schoolday.office.pathways.detours.adopting import adopt_emergencies
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.pathways.moves import raise_turns
from schoolday.office.pathways.plan_folder import PlanFolder
from schoolday.office.pathways.planning import PlannedSchool, plan_school
from schoolday.office.people import audit
from schoolday.office.people.models import Org, Person
from schoolday.office.signin.doors import all_doors, live_nodes
from schoolday.office.signin.keys import key_set_token, office_signer
from schoolday.office.signin.membership import days_of

_log = log.get(__name__)
GIVES_WAY_AT_MOST = 2  # a district's full publish takes a minute or two; a third detour waits for it


class _GaveWay(Exception):
    """A detour waits: what was computed so far is computed again after it."""


def publish_plan(*, on: date | None = None, actor: Person | None = None) -> PlanRelease:
    """
    Publish the plan of the next school days, from today (or from `on`), and return what is in force then.

    Nothing is written, and no version made, when nothing changed since. School by school: memory holds one school and
    the index. Killed anywhere it leaves the version before in force, and the next run goes on. Two at once take turns;
    to a detour it gives way between two schools and begins anew, at most twice.

    :raises BadSettings: if there are no keys yet, or the plan in force was signed with newer ones
    """
    for _ in range(GIVES_WAY_AT_MOST):
        try:
            return _publish(on, actor, gives_way=True)
        except _GaveWay:
            open_plan_folder().let_pass()
    return _publish(on, actor, gives_way=False)


def _publish(on: date | None, actor: Person | None, *, gives_way: bool) -> PlanRelease:
    folder = open_plan_folder()
    with folder.only_one():
        check_keys_are_the_newest(folder)
        before = folder.index()
        adopt_emergencies(before.emergencies if before else ())
        version = next_version(before)
        in_force = {files.org: files for files in before.schools} if before else {}
        schools: list[SchoolFiles] = []
        meetings = 0
        found = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).select_related("parent").order_by("id")
        days = {school: days_of(school, on) for school in found}
        first = min((one.first for one in days.values()), default=on or clock.now().date())
        last = max((one.last for one in days.values()), default=on or clock.now().date())
        deny = deny_list(first, last)
        # Before any school is planned: whoever is denied in this plan finds her spare tickets outdated in it.
        raise_turns(deny)
        for school, its_days in days.items():
            if gives_way and folder.is_hurried():
                raise _GaveWay
            planned = plan_school(school, days=its_days)
            schools.append(_keep(folder, planned, version=version, before=in_force.get(school.id)))
            meetings += planned.meetings
        value = _index(version=version, schools=tuple(schools), first=first, last=last, deny=deny)
        folder.show_schools(value.schools)
        folder.show_root(settings.SCHOOLDAY.root_public_key)
        if before is not None and folder.index_is_by_this_key() and _same(before, value):
            folder.sweep(before)
            return release_of(before, meetings, sha256=folder.index_sha256(), actor=actor)
        sha256 = folder.put_in_force(value)
        release = release_of(value, meetings, sha256=sha256, actor=actor)
        folder.sweep(value, before)
        _log.info("plan published", version=version, schools=len(schools), meetings=meetings)
        return release


def open_plan_folder() -> PlanFolder:
    """
    Return the folder of plan files with the keys in force.

    :raises BadSettings: if there are no keys yet
    """
    signer = office_signer()
    return PlanFolder(settings.SCHOOLDAY.plan_dir, signer=signer, verifier=_verifier(signer))


def _keep(folder: PlanFolder, planned: PlannedSchool, *, version: int, before: SchoolFiles | None) -> SchoolFiles:
    """Write what changed of one school; a file that says the same keeps its name and its older version."""
    school, people = (folder.school(before), folder.people(before)) if before else (None, None)
    if before and school and replace(planned.plan, version=school.version) == school:
        plan_sha256 = before.plan_sha256
    else:
        plan_sha256 = folder.keep_school(replace(planned.plan, version=version))
    if before and people and replace(planned.people, version=people.version) == people:
        people_sha256 = before.people_sha256
    else:
        people_sha256 = folder.keep_people(replace(planned.people, version=version))
    return SchoolFiles(
        org=planned.plan.org, name=planned.plan.name, plan_sha256=plan_sha256, people_sha256=people_sha256
    )


def _index(*, version: int, schools: tuple[SchoolFiles, ...], first: date, last: date, deny: Deny) -> PlanIndex:
    return PlanIndex(
        district=settings.SCHOOLDAY["DISTRICT"],
        portal_name=settings.SCHOOLDAY["PORTAL_NAME"],
        version=version,
        made_at=clock.now_seconds(),
        from_date=first.isoformat(),
        until_date=last.isoformat(),
        join_opens_seconds=settings.SCHOOLDAY["JOIN_OPENS_MINUTES"] * 60,
        key_set=key_set_token(),
        doors=all_doors(),
        live=live_nodes(),
        plan_hosts=settings.SCHOOLDAY.plan_hosts,
        schools=schools,
        deny=deny,
        picture_pin_grades=settings.SCHOOLDAY.picture_pin_grades,
        portal_url=settings.SCHOOLDAY["PUBLIC_URL"],
        chat=settings.SCHOOLDAY["CHAT_BY_BAND"],
    )


def _same(before: PlanIndex, value: PlanIndex) -> bool:
    return replace(value, version=before.version, made_at=before.made_at) == before


def next_version(before: PlanIndex | None) -> int:
    """
    Return a version above every one before: above the index's and the database's, and at least the seconds since 1970.

    The seconds, so that it rises even when database and plan folder were lost and came back from an older copy.
    """
    last = PlanRelease.objects.aggregate(last=Max("version"))["last"] or 0
    return max(last + 1, before.version + 1 if before else 0, clock.now_seconds())


@transaction.atomic
def release_of(index: PlanIndex, meetings: int, *, sha256: str, actor: Person | None) -> PlanRelease:
    """Write down what is in force; also when the publisher of it was killed before it could."""
    release, made = PlanRelease.objects.get_or_create(
        version=index.version,
        defaults={
            "made_at": datetime.fromtimestamp(index.made_at, UTC),
            "from_date": index.from_date,
            "until_date": index.until_date,
            "schools": len(index.schools),
            "meetings": meetings,
            "index_sha256": sha256,
        },
    )
    if made:
        audit.record(actor, "plan.publish", "plan", str(index.version), schools=len(index.schools), meetings=meetings)
        release.refresh_from_db()
    return release


def check_keys_are_the_newest(folder: PlanFolder) -> None:
    """Doors would refuse a plan with an older key set, and one that restarts would stand there without any plan."""
    root = unb64(settings.SCHOOLDAY.root_public_key)
    shown, ours = folder.key_set(root), keys.open_key_set(key_set_token(), root_public=root)
    if shown is not None and shown.issued_at > ours.issued_at:
        raise BadSettings(
            "The plan in force was signed with newer keys than this office has: bring the folder that "
            "'schoolday keys emergency' wrote (--out-keys) to keys/ in SCHOOLDAY_HOME, then publish again."
        )


def _verifier(signer: Signer) -> Verifier:
    root = unb64(settings.SCHOOLDAY.root_public_key)
    try:
        key_set = keys.open_key_set(key_set_token(), root_public=root)
    except BadSignature as error:
        raise BadSettings("keys/keyset.paseto is not signed by the root key of ROOT_PUBLIC_KEY.") from error
    if signer.kid not in {key.kid for key in key_set.keys if key.not_before <= clock.now_seconds() < key.not_after}:
        raise BadSettings("The office's signing key is not in force any more: run 'schoolday keys rotate'.")
    return key_set.verifier(at=clock.now_seconds())
