"""From `--to` and PLAN_COPIES to a target."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from schoolday.office.pathways.copying.errors import BadTarget
from schoolday.office.pathways.copying.target import Target
from schoolday.settings_spec import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def target_of(place: str, settings: Settings) -> Target:
    """
    Return the target: a folder (as `file:///…` its name may have spaces), `s3://bucket/prefix`, or `https://host/path`.

    Each kind's library is loaded when it is used: 60 ms for a bucket's.

    :raises BadTarget: if the place is none of these
    """
    parts = urlsplit(place)
    if parts.scheme == "s3" and parts.hostname:
        from schoolday.office.pathways.copying.bucket import BucketTarget

        return BucketTarget(
            parts.netloc,
            parts.path.strip("/"),
            endpoint=settings["PLAN_S3_ENDPOINT"],
            region=settings["PLAN_S3_REGION"],
            key_id=settings["PLAN_S3_KEY_ID"],
            secret=settings["PLAN_S3_SECRET"],
        )
    # Without TLS the token would go over the wire for all to read.
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        from schoolday.office.pathways.copying.web import WebTarget

        if parts.username or parts.password or parts.query or parts.fragment:
            raise BadTarget("A target's address holds no password and no '?': tokens belong into PLAN_PUT_TOKENS.")
        return WebTarget(place, token=settings["PLAN_PUT_TOKENS"].get(parts.netloc, ""))
    if parts.scheme == "file" and not parts.netloc:
        place = unquote(parts.path)
    elif "://" in place:
        raise BadTarget(f"{parts.scheme}://… is no target: say a folder, s3://bucket/prefix or https://host/path.")
    from schoolday.office.pathways.copying.folder import FolderTarget

    if Path(place).resolve() == settings.plan_dir.resolve():
        raise BadTarget(f"{place} is the plan folder itself.")
    return FolderTarget(Path(place))
