"""
Several hosts on one machine: a network namespace each, joined by a switch in one more. Needs root, ip and nft.

Nothing of the machine's own network is touched; all of it is gone when the context ends.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_CLONE_NEWNET = 0x40000000  # sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)
CAN = os.geteuid() == 0 and all(shutil.which(program) for program in ("ip", "nft"))
needs_hosts = pytest.mark.skipif(not CAN, reason="NOT SHOWN: several hosts need root, ip and nft (scripts/setup-tests)")


@dataclass(frozen=True)
class Host:
    """One machine of the test's network. `port`: its end of the cable at the switch."""

    name: str
    ip: str
    switch: str
    port: str

    @property
    def words(self) -> tuple[str, ...]:
        """What stands before a command to run it on this host."""
        return ("ip", "netns", "exec", self.name)

    def drop_silently(self) -> None:
        """Let everything that comes in vanish: a black hole."""
        self._rule("drop")

    def reset(self) -> None:
        """Answer every packet with a reset, as a broken firewall does."""
        self._rule("meta l4proto tcp reject with tcp reset")

    def unplug(self) -> None:
        _run("ip", "-n", self.switch, "link", "set", self.port, "down")

    def mend(self) -> None:
        """Undo whatever was done to this host."""
        _run("ip", "netns", "exec", self.name, "nft", "flush", "ruleset")
        _run("ip", "-n", self.switch, "link", "set", self.port, "up")

    def _rule(self, verdict: str) -> None:
        chain = "inet fault incoming"
        rules = f"add table inet fault; add chain {chain} {{ type filter hook input priority 0; }};"
        rules += f' add rule {chain} iifname != "lo" {verdict}'
        _run(*self.words, "nft", rules)


@contextlib.contextmanager
def network(names: Sequence[str]) -> Iterator[dict[str, Host]]:
    """Give hosts of these names, all on one switch, 10.77.0.0/24."""
    own = f"sd{os.getpid()}"
    switch = f"{own}-switch"
    hosts = {
        name: Host(f"{own}-{name}", f"10.77.0.{number}", switch, f"p{number}") for number, name in enumerate(names, 1)
    }
    try:
        _run("ip", "netns", "add", switch)
        _run("ip", "-n", switch, "link", "add", "br0", "type", "bridge")
        _run("ip", "-n", switch, "link", "set", "br0", "up")
        for host in hosts.values():
            _run("ip", "netns", "add", host.name)
            _run(
                "ip", "-n", switch, "link", "add", host.port, "type", "veth", "peer", "name", "eth0", "netns", host.name
            )
            _run("ip", "-n", switch, "link", "set", host.port, "master", "br0", "up")
            _run("ip", "-n", host.name, "addr", "add", f"{host.ip}/24", "dev", "eth0")
            _run("ip", "-n", host.name, "link", "set", "eth0", "up")
            _run("ip", "-n", host.name, "link", "set", "lo", "up")
        yield hosts
    finally:
        for host in hosts.values():
            subprocess.run(["ip", "netns", "del", host.name], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", switch], capture_output=True, check=False)


@contextlib.contextmanager
def standing_at(host: Host) -> Iterator[None]:
    """Let this thread's new sockets be those of a host; other threads stay where they are."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(Path("/run/netns") / host.name, os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(home)
        os.close(there)
        os.close(home)


def _enter(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _run(*words: str) -> None:
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
