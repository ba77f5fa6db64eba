"""Devices and day sessions as tests need them."""

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from schoolday.contracts import day_session
from schoolday.contracts.day_session import DaySession
from schoolday.contracts.proofs import DeviceKey, thumbprint
from schoolday.lib import clock, signing
from schoolday.office.people.models import Person
from schoolday.office.people.queries import kind_of, roles_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Answer = _MonkeyPatchedWSGIResponse
else:
    Answer = Any  # what a test client returns has a name in the stubs only


def new_key() -> DeviceKey:
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return DeviceKey(x=signing.b64(numbers.x.to_bytes(32, "big")), y=signing.b64(numbers.y.to_bytes(32, "big")))


def key_json(key: DeviceKey) -> dict[str, object]:
    return {"key": {"x": key.x, "y": key.y}}


def day_header(person: Person, key: DeviceKey, **changes: object) -> dict[str, str]:
    """Return the header of a day session as a door seals it."""
    values: dict[str, object] = {
        "sub": person.id,
        "kind": kind_of(roles_of(person)),
        "org": "",
        "cohort": "",
        "sections": (),
        "exp": clock.now_seconds() + 3600,
        "device": thumbprint(key),
        "jti": "",
        "epoch": person.epoch,
        **changes,
    }
    day = f"{clock.now():%Y%m%d}"
    sealed = day_session.seal_session(
        DaySession(**values),  # type: ignore[arg-type]  # changes are whatever the test wants to forge
        key=day_session.session_key(settings.SCHOOLDAY["CELL_SECRET"], day),
        day=day,
    )
    return {"Authorization": f"Day {sealed}"}
