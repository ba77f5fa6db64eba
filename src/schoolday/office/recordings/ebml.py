"""
A small patch of WebM: browsers write live files without their length, so that no player knows where to seek.

Only the head is touched: `Duration` is put into the segment's `Info`. The segment itself has no size in a live file, so
nothing else has to change. Source: RFC 8794 (EBML), RFC 9559 (Matroska), sections 4 and 5.1.2.
"""

import struct

HEAD_AT_MOST_BYTES = 64 * 1024
_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_INFO = 0x1549A966
_TIMESTAMP_SCALE = 0x2AD7B1
_DURATION = 0x4489
_NANOSECONDS = 1_000_000_000
_DEFAULT_SCALE = 1_000_000


def with_duration(head: bytes, *, seconds: float) -> bytes:
    """Return the head of a live WebM with its length in it; a head of another form comes back as it was."""
    try:
        return _patched(head, seconds)
    except (IndexError, struct.error):
        return head


def _patched(head: bytes, seconds: float) -> bytes:
    at = 0
    while True:
        id_, size, body = _element(head, at)
        if id_ == _SEGMENT:
            if size is not None:
                return head  # a file of known length: not a live one
            at = body
        elif id_ == _INFO and size is not None:
            if body + size > len(head):
                return head
            info = _info(head[body : body + size], seconds)
            return head[:at] + _INFO.to_bytes(4) + _size(len(info)) + info + head[body + size :]
        elif id_ == _EBML and size is not None:
            at = body + size
        else:
            if size is None or at == 0:
                return head
            at = body + size


def _info(info: bytes, seconds: float) -> bytes:
    """Return the children of `Info` without any old length and with the new one last."""
    scale, kept, at = _DEFAULT_SCALE, b"", 0
    while at < len(info):
        id_, size, body = _element(info, at)
        end = body + (size or 0)
        if id_ == _TIMESTAMP_SCALE:
            scale = int.from_bytes(info[body:end])
        if id_ != _DURATION:
            kept += info[at:end]
        at = end
    value = struct.pack(">d", seconds * _NANOSECONDS / (scale or _DEFAULT_SCALE))
    return kept + _DURATION.to_bytes(2) + _size(len(value)) + value


def _element(data: bytes, at: int) -> tuple[int, int | None, int]:
    """Return id, size (None: unknown) and where the body begins."""
    id_length = _length(data[at])
    id_ = int.from_bytes(data[at : at + id_length])
    at += id_length
    size_length = _length(data[at])
    if at + size_length > len(data):
        raise IndexError
    value = int.from_bytes(data[at : at + size_length]) & ((1 << 7 * size_length) - 1)
    unknown = value == (1 << 7 * size_length) - 1
    return id_, None if unknown else value, at + size_length


def _length(first: int) -> int:
    if first == 0:
        raise IndexError
    return 9 - first.bit_length()


def _size(value: int) -> bytes:
    """Return a size in eight bytes: longer than it need be, and always right."""
    return (value | 1 << 56).to_bytes(8)
