"""What can be wrong with a child's line. Both ways; nothing of the machine's own network is touched."""

import subprocess

from tests.faults.hosts import Host


def lose(host: Host, percent: int) -> None:
    """Drop this share of all packets, at random."""
    for direction in ("input", "output"):
        chain = f"inet line {direction}"
        rules = f"add table inet line; add chain {chain} {{ type filter hook {direction} priority 0; }};"
        interface = "iifname" if direction == "input" else "oifname"
        rules += f' add rule {chain} {interface} "eth0" numgen random mod 100 < {percent} drop'
        _run(*host.words, "nft", rules)


def narrow(host: Host, kbit: int) -> None:
    """Let so much through in a second, with a modest queue, as a cheap line has it."""
    for namespace, device in ((host.switch, host.port), (host.name, "eth0")):
        shape = f"root tbf rate {kbit}kbit burst 16k latency 400ms"
        _run("tc", "-n", namespace, "qdisc", "replace", "dev", device, *shape.split())


def widen(host: Host) -> None:
    """Undo `narrow`; a line that was not narrow is no error."""
    for namespace, device in ((host.switch, host.port), (host.name, "eth0")):
        subprocess.run(["tc", "-n", namespace, "qdisc", "del", "dev", device, "root"], capture_output=True, check=False)


def _run(*words: str) -> None:
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
