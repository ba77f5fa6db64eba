"""Copies in an S3-compatible bucket."""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore import exceptions
from obstore.store import S3Store

from schoolday.contracts.plan import INDEX_PATH
from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.files import ASK_AGAIN, PlanFile

if TYPE_CHECKING:
    from obstore.store import S3Config

# obstore raises Python's own error where there is one.
_REFUSED = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError)
_UNKNOWN = (exceptions.NotFoundError, FileNotFoundError)
_DELETE_AT_ONCE = 500


class _NotThere(BadTarget):
    """The service knows no such bucket, or no such file in it."""


class BucketTarget:
    """
    `bucket` and `prefix` at the service of `endpoint`; no key: as the machine's own role allows.

    Unchanged files are told by their ETag, which is the MD5 of what was put, unless the bucket encrypts with keys
    of its own: then each copy writes everything again.
    """

    at_once = 16

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str,
        region: str,
        key_id: str,
        secret: str,
        request_seconds: float = 30.0,
    ) -> None:
        self.shown = f"s3://{bucket}/{prefix}".rstrip("/")
        config: S3Config = {"region": region}
        if endpoint:
            config["endpoint"] = endpoint
        if key_id:
            config["access_key_id"], config["secret_access_key"] = key_id, secret
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=min(5.0, request_seconds)),
                "timeout": timedelta(seconds=request_seconds),
            },
            retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=request_seconds)},
        )
        self._there: dict[str, tuple[str, int]] = {}

    def look(self) -> None:
        with self._errors():
            pages = obstore.list(self._store)
            self._there = {
                one["path"]: ((one["e_tag"] or "").strip('"'), one["size"]) for page in pages for one in page
            }

    def index_text(self) -> str | None:
        try:
            with self._errors():
                data = obstore.get(self._store, INDEX_PATH).bytes().to_bytes()
        except _NotThere:
            return None
        return data.decode(errors="replace")

    def holds(self, file: PlanFile) -> bool:
        etag, size_bytes = self._there.get(file.path, (None, 0))
        if file.sha256_of_name:
            return etag is not None and size_bytes == file.size_bytes()
        # The service's own checksum of a file, not a means against anybody: those are the plan's signatures.
        return etag is not None and etag == hashlib.md5(file.read(), usedforsecurity=False).hexdigest()

    def begin(self, paths: Iterable[str]) -> None:
        pass

    def put(self, file: PlanFile) -> None:
        self._put(file.path, file.read(), content_type=file.content_type, cache_control=file.cache_control)

    def put_index(self, text: str) -> None:
        self._put(INDEX_PATH, text.encode(), content_type="text/plain; charset=utf-8", cache_control=ASK_AGAIN)

    def settle(self) -> None:
        pass

    def lies_there(self) -> set[str]:
        return set(self._there)

    def remove(self, paths: Iterable[str]) -> None:
        listed = sorted(paths)
        for begin in range(0, len(listed), _DELETE_AT_ONCE):
            with contextlib.suppress(_NotThere), self._errors():
                obstore.delete(self._store, listed[begin : begin + _DELETE_AT_ONCE])

    def close(self) -> None:
        pass

    def _put(self, path: str, data: bytes, *, content_type: str, cache_control: str) -> None:
        attributes = {"Content-Type": content_type, "Cache-Control": cache_control}
        with self._errors():
            obstore.put(self._store, path, data, attributes=attributes, use_multipart=False)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except _REFUSED as error:
            raise BadTarget(f"{self.shown}: the service refuses this key. Look at PLAN_S3_KEY_ID.") from error
        except _UNKNOWN as error:
            raise _NotThere(f"{self.shown}: there is no such bucket, or file in it.") from error
        except (exceptions.BaseError, OSError) as error:
            # Its own text holds addresses and what the service said, at length; the kind is enough for an operator.
            raise CopyFailed(f"{self.shown}: the service failed ({type(error).__name__}).") from error
