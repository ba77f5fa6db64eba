"""Which push services we send to. Whoever subscribes names the address, so it must be on the district's list."""

from collections.abc import Iterable
from urllib.parse import urlsplit


def is_known(endpoint: str, hosts: Iterable[str]) -> bool:
    """
    Say whether an endpoint is at one of `hosts`: `name`, `.domain` (and what is below it), or a whole origin.

    Only a whole origin allows http or another port: for a push service of one's own.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not parts.hostname:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    plain = parts.scheme == "https" and port in (None, 443)
    host = parts.hostname
    return any(
        origin == known.rstrip("/") or (plain and (host == known or (known.startswith(".") and host.endswith(known))))
        for known in hosts
    )
