import subprocess
from collections.abc import Iterator

import pytest
from django.test import Client

from schoolday.office.signin.keys import KeyFolder
from tests.office.running import keys_in_force, running_hasher


@pytest.fixture(scope="module")
def hasher() -> "Iterator[subprocess.Popen[bytes]]":
    """A hasher for one file of tests: its clerk counts the turns of each account, and no other file's."""
    with running_hasher() as process:
        yield process


@pytest.fixture(autouse=True, scope="session")
def keys() -> KeyFolder:
    return keys_in_force()


@pytest.fixture
def browser() -> Client:
    """A browser that sends a CSRF token only when a test makes it."""
    return Client(enforce_csrf_checks=True)
