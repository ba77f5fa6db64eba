"""
Badges and let-in codes: how a small child, or a child whose pass is lost, gets a day session from a door alone.

The QR code is a signed serial with no credential in it. The typed code is the badge number with a 20-bit
tag. The picture PIN is derived from number and cell secret, so no door has to store one and a stolen list
of badges holds none. A let-in code is her badge number, a counter and a tag
of the ten minutes it was made in: 14 letters.
"""

import msgspec

from schoolday.lib import ids, signing
from schoolday.lib.signing import BadSignature, Signer, Verifier

USE = "badge"
QR_PREFIX = "SD1:"
NUMBER_BITS = 40
NUMBER_LENGTH = 8
_TAG_LENGTH = 4
PICTURES = (
    "apple", "ball", "bird", "boat", "bus", "cat", "dog", "fish", "flower", "moon", "star", "tree",
)  # fmt: skip
PICTURES_IN_PIN = 3
LET_IN_SECONDS = 1200
LET_IN_CODE_LENGTH = 14


class BadgeSerial(msgspec.Struct, frozen=True, kw_only=True):
    """What the QR code carries. `number`: 40 random bits; dead once the plan no longer lists it."""

    v: int = 1
    district: str
    number: int


def sign_badge(value: BadgeSerial, signer: Signer) -> str:
    """Return the QR code's text."""
    return QR_PREFIX + signer.sign(msgspec.json.encode(value), use=USE)


def typed_code(number: int, *, cell_secret: bytes) -> str:
    """Return the code printed below the QR code: `k7qp-3m2x-a9fd`."""
    plain = ids.from_int(number, NUMBER_LENGTH) + _tag(number, cell_secret, "badge-code")
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def read_badge(text: str, *, verifier: Verifier, cell_secret: bytes, district: str) -> int:
    """
    Return the badge number of a QR code's text or a typed code.

    :raises BadSignature: if it is neither
    """
    if text.startswith(QR_PREFIX):
        payload = verifier.verify(text[len(QR_PREFIX) :], use=USE)
        try:
            serial = msgspec.json.decode(payload, type=BadgeSerial)
        except msgspec.MsgspecError as error:
            raise BadSignature from error
        if serial.district != district:
            raise BadSignature
        return serial.number
    plain = ids.read_typed(text)
    if len(plain) != NUMBER_LENGTH + _TAG_LENGTH:
        raise BadSignature
    number = _number(plain[:NUMBER_LENGTH])
    if not signing.same(plain[NUMBER_LENGTH:].encode(), _tag(number, cell_secret, "badge-code").encode()):
        raise BadSignature
    return number


def picture_pin(number: int, *, cell_secret: bytes) -> tuple[str, ...]:
    """Return the three pictures, in order, of one badge number."""
    key = signing.derive(cell_secret, "picture-pin")
    value = int.from_bytes(signing.mac(key, str(number).encode(), length_bytes=8), "big")
    pictures = []
    for _ in range(PICTURES_IN_PIN):
        value, index = divmod(value, len(PICTURES))
        pictures.append(PICTURES[index])
    return tuple(pictures)


def let_in_code(number: int, *, counter: int, now: int, cell_secret: bytes) -> str:
    """
    Return a one-use code for the student with this badge number: `k7qp-3m2x-0a9f-d2`.

    `counter`: 0 to 31, so that a teacher can ask again. Dead after `LET_IN_SECONDS` at the latest.
    """
    plain = ids.from_int(number, NUMBER_LENGTH) + ids.from_int(counter % 32, 1)
    plain += _let_in_tag(number, counter % 32, now // (LET_IN_SECONDS // 2), cell_secret)
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def read_let_in_code(text: str, *, now: int, cell_secret: bytes) -> int:
    """
    Return the badge number a let-in code stands for. Whether it was used already is the caller's to know.

    :raises BadSignature: if it is forged or older than `LET_IN_SECONDS`
    """
    plain = ids.read_typed(text)
    if len(plain) != LET_IN_CODE_LENGTH:
        raise BadSignature
    number, counter = _number(plain[:NUMBER_LENGTH]), _number(plain[NUMBER_LENGTH : NUMBER_LENGTH + 1])
    window = now // (LET_IN_SECONDS // 2)
    for made_in in (window, window - 1):
        expected = _let_in_tag(number, counter, made_in, cell_secret)
        if signing.same(plain[NUMBER_LENGTH + 1 :].encode(), expected.encode()):
            return number
    raise BadSignature


def _number(text: str) -> int:
    try:
        return ids.to_int(text)
    except ValueError:
        raise BadSignature from None


def _tag(number: int, cell_secret: bytes, purpose: str) -> str:
    raw = signing.mac(signing.derive(cell_secret, purpose), str(number).encode(), length_bytes=8)
    return ids.from_int(int.from_bytes(raw, "big") % 32**_TAG_LENGTH, _TAG_LENGTH)


def _let_in_tag(number: int, counter: int, window: int, cell_secret: bytes) -> str:
    key = signing.derive(cell_secret, "let-in")
    raw = signing.mac(key, f"{number}|{counter}|{window}".encode(), length_bytes=8)
    return ids.from_int(int.from_bytes(raw, "big") % 32**5, 5)
