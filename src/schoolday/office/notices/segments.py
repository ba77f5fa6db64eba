"""How many text messages a text costs: 3GPP TS 23.038 (GSM-7) and its UCS-2 fallback."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("^{}\\[~]|€\f")  # two places each
_GSM7_ONE, _GSM7_PART = 160, 153
_UCS2_ONE, _UCS2_PART = 70, 67


def segments(text: str) -> int:
    """Return the number of segments; a single letter outside GSM-7 (á, í, ó, ú) more than halves what fits in one."""
    if all(letter in _GSM7 or letter in _ESCAPED for letter in text):
        places, one, part = len(text) + sum(letter in _ESCAPED for letter in text), _GSM7_ONE, _GSM7_PART
    else:
        places, one, part = len(text.encode("utf-16-be")) // 2, _UCS2_ONE, _UCS2_PART
    return 1 if places <= one else -(-places // part)
