"""Other settings for the length of a test."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

from django.conf import settings

from schoolday.settings_spec import Settings


@contextlib.contextmanager
def with_settings(**values: object) -> Iterator[Settings]:
    """Let the office have these values of our settings, parsed."""
    changed = replace(settings.SCHOOLDAY, values={**settings.SCHOOLDAY.values, **values})
    with mock.patch.object(settings, "SCHOOLDAY", changed):
        yield changed
