"""The supervisor of the embedded default: supervisord keeps the parts up, we only write its configuration."""

import contextlib
import ctypes
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from schoolday.embedded.parts import Part
from schoolday.embedded.paths import Paths

_PR_SET_PDEATHSIG = 1  # linux/prctl.h: die with the parent, so that a killed `schoolday run` leaves nothing
_STOP_SECONDS = 25


def write_configuration(paths: Paths, parts: Iterable[Part]) -> Path:
    """Write supervisord's configuration and return its path."""
    sections = [
        f"[unix_http_server]\nfile={paths.supervisor_socket}\nchmod=0700\n",
        f"[supervisord]\nnodaemon=true\nsilent=true\nlogfile={paths.log}/supervisor.log\nlogfile_maxbytes=2MB\n"
        f"pidfile={paths.run}/supervisor.pid\nchildlogdir={paths.log}\nminfds=1024\n",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n",
        f"[supervisorctl]\nserverurl=unix://{paths.supervisor_socket}\n",
    ]
    for priority, part in enumerate(parts):
        command = " ".join(_quoted(word) for word in part.command)
        sections.append(
            f"[program:{part.name}]\ncommand={command}\npriority={priority}\nautorestart=true\nstartsecs=1\n"
            f"startretries=1000\nstopwaitsecs={part.stop_seconds}\nstopasgroup=true\nkillasgroup=true\n"
            f"environment={','.join(f'{name}={_quoted(value)}' for name, value in part.environment.items())}\n"
            f"redirect_stderr=true\nstdout_logfile={paths.log}/{part.name}.log\n"
            "stdout_logfile_maxbytes=5MB\nstdout_logfile_backups=2\n"
        )
    path = paths.run / "supervisord.conf"
    path.write_text("\n".join(sections))
    return path


@contextlib.contextmanager
def supervised(configuration: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run supervisord for the time of this context; at the end everything it started is stopped, and nothing else."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a school is more than 1,024 connections
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("supervisord")), "-n", "-s", "-c", str(configuration)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a terminal's ctrl-C reaches only us; we pass it on once
        preexec_fn=_die_with_parent,  # one prctl call, takes no lock
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _quoted(word: str) -> str:
    escaped = word.replace("%", "%%").replace('"', '\\"')
    return f'"{escaped}"'
