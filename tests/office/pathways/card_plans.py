"""Plans of invented schools for the tests of cards and copies, as a publisher makes them, without an office."""

from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from schoolday.contracts import keys, plan
from schoolday.contracts.keys import KeySet, PublicKey
from schoolday.contracts.plan import (
    Alternate,
    Detour,
    Door,
    DoorPeople,
    Incident,
    MeetingPlan,
    Notice,
    PathwayChoice,
    PlanIndex,
    SchoolFiles,
    SchoolPlan,
    SectionPlan,
    Texts,
)
from schoolday.lib.signing import Signer, Verifier, b64
from schoolday.office.pathways.cards import Written, write_cards
from schoolday.office.pathways.plan_folder import PlanFolder

MONDAY_830 = 1789389000  # 14 September 2026, 8:30 in New York
HOST = "https://school.example.org"
ZOOM = Alternate(kind="zoom", url="https://bay.zoom.us/j/123456789?pwd=a&b=c", label="Ms. Ruiz")
PHONE = Alternate(kind="phone", url="tel:+13055550100,,123456%23")
REASON = Texts(en="The video service is down.", es="El servicio de video no funciona.", ht="Sèvis videyo a pa mache.")


def detour(id: str = "d1d1d1d1d1d1", *, pathway: PathwayChoice = "zoom", **extra: object) -> Detour:
    return replace(Detour(id=id, pathway=pathway, from_at=MONDAY_830, reason=REASON), **extra)


def meeting(number: int = 0, *, detour: str = "", pathway: PathwayChoice = "") -> MeetingPlan:
    """The first period of Monday, Tuesday, …"""
    starts_at = MONDAY_830 + number * 86_400
    return MeetingPlan(
        id=f"m{number}", period="1", starts_at=starts_at, ends_at=starts_at + 2_700, detour=detour, pathway=pathway
    )


def section(id: str = "section00001", **extra: object) -> SectionPlan:
    made = SectionPlan(
        id=id,
        title="Math 7",
        cohort="6-8@north",
        grades="07",
        teachers=("Elena Ruiz",),
        alternates=(ZOOM, PHONE),
        meetings=(meeting(0), meeting(1)),
    )
    return replace(made, **extra)


def school(org: str = "school000001", *sections: SectionPlan, **extra: object) -> SchoolPlan:
    made = SchoolPlan(
        district="demo",
        org=org,
        name="Olinda Middle",
        version=1,
        from_date="2026-09-14",
        until_date="2026-09-15",
        time_zone="America/New_York",
        phone="+1 305 555 0199",
        sections=sections or (section(),),
    )
    return replace(made, **extra)


def notice(id: str = "n1n1n1n1n1n1", **extra: object) -> Notice:
    text = Texts(en="School is open.", es="La escuela está abierta.", ht="Lekòl la louvri.")
    made = Notice(id=id, at=MONDAY_830 - 600, until_at=MONDAY_830 + 7_200, level="info", text=text)
    return replace(made, **extra)


def incident(id: str = "i1i1i1i1i1i1", **extra: object) -> Incident:
    text = Texts(en="Signing on is slow.", es="El acceso está lento.", ht="Koneksyon an dousman.")
    return replace(Incident(id=id, since_at=MONDAY_830 - 2_400, text=text), **extra)


@dataclass
class Publisher:
    """Publishes invented schools as the office does, with its own keys: files first, the index last, then a sweep."""

    folder: Path

    def __post_init__(self) -> None:
        self.root = Signer.generate("root")
        self.signer = Signer.generate("k1")
        self.version = 1_000
        key = PublicKey(kid="k1", public=b64(self.signer.public_bytes()), not_before=0, not_after=2**40)
        key_set = KeySet(district="demo", issued_at=1, keys=(key,))
        self.key_set_token = keys.sign_key_set(key_set, self.root)
        verifier = Verifier({"k1": self.signer.public_bytes()})
        self.plan_folder = PlanFolder(self.folder, signer=self.signer, verifier=verifier)
        self.index: PlanIndex | None = None

    @property
    def root_public(self) -> str:
        return b64(self.root.public_bytes())

    def publish(self, *schools: SchoolPlan, **extra: object) -> PlanIndex:
        self.version += 1
        with self.plan_folder.only_one():
            files = tuple(self._keep(one) for one in schools)
            value = PlanIndex(
                district="demo",
                portal_name="My School Online",
                version=self.version,
                made_at=MONDAY_830 - 1_800,
                from_date="2026-09-14",
                until_date="2026-09-15",
                join_opens_seconds=600,
                key_set=self.key_set_token,
                doors=(Door(id="d1", url=f"{HOST}/door/d1"),),
                live=(),
                plan_hosts=(f"{HOST}/plan",),
                schools=files,
                portal_url=HOST,
            )
            value = replace(value, **extra)
            self.plan_folder.show_schools(value.schools)
            self.plan_folder.show_root(self.root_public)
            self.plan_folder.put_in_force(value)
            self.plan_folder.sweep(value, self.index)
        self.index = value
        return value

    def _keep(self, one: SchoolPlan) -> SchoolFiles:
        one = replace(one, version=self.version)
        people = DoorPeople(district="demo", org=one.org, version=self.version)
        return SchoolFiles(
            org=one.org,
            name=one.name,
            plan_sha256=self.plan_folder.keep_school(one),
            people_sha256=self.plan_folder.keep_people(people),
        )

    def read(self, files: SchoolFiles) -> SchoolPlan | None:
        return self.plan_folder.school(files)


def opens(index_text: str, publisher: Publisher) -> PlanIndex:
    return plan.open_index(index_text, Verifier({"k1": publisher.signer.public_bytes()}))


def write_all(publisher: Publisher, index: PlanIndex | None = None) -> Written:
    """Write every page of the plan that `publisher` has published last."""
    index = index or publisher.index
    assert index is not None
    return write_cards(publisher.folder, index, publisher.read)


def status_names(*names: str) -> set[str]:
    """The status pages of these names in each language."""
    return {f"status/{name}{language}.html" for name in names for language in ("", ".es", ".ht")}


ONE, TWO = section("section00001"), section("section00002", title="Reading 7")
