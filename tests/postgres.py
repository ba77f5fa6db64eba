"""A PostgreSQL server of one's own: python -m tests.postgres COMMAND… runs COMMAND with TEST_DATABASE_URL set to it."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.free_ports import free_ports


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) or [Path(shutil.which(name) or "")]
    if not found[-1].is_file():
        raise SystemExit(f"PostgreSQL's {name} is missing: apt install postgresql")
    return str(found[-1])


def _unprivileged() -> tuple[list[str], int, int]:
    """PostgreSQL refuses to run as root: the words before a command that give root up, and who it is then."""
    if os.geteuid() != 0:
        return [], os.geteuid(), os.getegid()
    user = pwd.getpwnam("postgres")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"], user.pw_uid, user.pw_gid


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Run a fresh server on a free port for the time of this context, and give its URL."""
    words, uid, gid = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="schoolday-pg-"))
    os.chown(folder, uid, gid)
    port = free_ports("PORT")["PORT"]
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        [*words, _program("initdb"), "-D", data, "-U", "schoolday", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        **quiet,
    )  # type: ignore[call-overload]  # plain keywords
    command = [_program("postgres"), "-D", data, "-p", port, "-k", folder, "-h", "127.0.0.1", "-c", "fsync=off"]
    with subprocess.Popen([*words, *command], stderr=subprocess.DEVNULL, **quiet) as server:  # type: ignore[call-overload]  # plain keywords
        try:
            _wait(port, folder)
            yield f"postgres://schoolday@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def _wait(port: str, folder: Path) -> None:
    ask = [_program("pg_isready"), "-h", "127.0.0.1", "-p", port, "-q"]
    for _ in range(100):
        if subprocess.run(ask, cwd=folder).returncode == 0:
            return
        time.sleep(0.2)
    raise SystemExit("PostgreSQL did not start within 20 s")


def main() -> int:
    with postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
