"""A door serves the plan that is in force there, by name, and nothing else."""

import socket
from pathlib import Path

from schoolday.contracts import plan
from schoolday.contracts.plan import PlanIndex
from schoolday.lib import ids, signing
from schoolday.lib.signing import Verifier
from tests.door.district import District
from tests.door.process import Door, day


def index_of(door: Door) -> PlanIndex:
    text = door.http.get("/plan/index.plan").text
    return plan.open_index(text, Verifier({"k1": door.district.signer.public_bytes()}))


def test_every_file_of_the_plan_is_there_under_its_name(door: Door, district: District) -> None:
    index = index_of(door)
    assert index.version == district.version
    for files in index.schools:
        text = door.http.get("/plan/" + plan.school_path(files.org, files.plan_sha256)).text
        assert plan.digest(text) == files.plan_sha256
        assert door.http.get("/plan/" + plan.school_path(files.org)).text == text
        answer = door.http.get("/plan/" + plan.people_path(files.org, files.people_sha256), headers=door.drain_header())
        assert plan.digest(answer.text) == files.people_sha256
    root = door.http.get("/plan/root.public")
    assert signing.unb64(root.text) == district.root.public_bytes()
    assert root.headers["access-control-allow-origin"] == "*"
    assert root.headers["cache-control"] == "no-cache"


def test_what_was_read_before_is_not_sent_again(door: Door, district: District) -> None:
    for path in ("index.plan", plan.school_path(district.school), "root.public"):
        first = door.http.get("/plan/" + path)
        etag = first.headers["etag"]
        for header in (etag, f'W/{etag}, "x"'):
            again = door.http.get("/plan/" + path, headers={"If-None-Match": header})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert door.http.get("/plan/" + path, headers={"If-None-Match": '"x"'}).content == first.content


def test_the_people_are_for_doors_only(door: Door, district: District) -> None:
    files = index_of(door).schools[0]
    path = "/plan/" + plan.people_path(files.org, files.people_sha256)
    teacher = day(door.session(district.teacher))
    for headers in ({}, teacher, door.drain_header(day="20200101"), {"Authorization": "Drain x"}):
        for asked in (path, "/plan/doors/", "/plan/doors/x"):
            answer = door.http.get(asked, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_ours")


def test_there_is_no_way_out_of_the_folder(door: Door, district: District) -> None:
    (district.folder / "secret").write_text("secret")
    (district.folder / "school" / "x.plan").write_text("secret")
    org = district.school
    paths = [
        "", "/", "secret", "index.partial", "index.plan/", "school/", "school/x.plan",
        f"school/{org}.plan/", "../plan/index.plan",
        f"school/../school/{org}.plan", f"school/%2e%2e/school/{org}.plan", f"school/{org}.{'0' * 16}.plan",
        f"school/{org}.{'0' * 15}.plan", f"school/{org.upper()}.plan", f"school/{ids.new_id()}.plan", "//etc/passwd",
        "..%2f..%2fetc%2fpasswd", "index.plan%00", f"school/{org}.plan\n", ".pulling",
    ]  # fmt: skip
    for path in paths:
        with socket.create_connection(("127.0.0.1", door.port), timeout=10) as raw:
            asked = ("/plan/" + path).replace("\n", "%0a")
            raw.sendall(f"GET {asked} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda raw=raw: raw.recv(65536), b"")).decode()  # type: ignore[misc]  # a lambda's default
        assert answer.startswith("HTTP/1.1 404"), (path, answer[:200])
        assert '"not_found"' in answer, path


def test_only_the_plan_in_force_is_shown(own: Door) -> None:
    """Whatever is put into the folder: what the door refuses, it does not hand on."""
    before = own.http.get("/plan/index.plan").content
    own.district.write_index("x" * 100)
    assert own.http.get("/plan/index.plan").content == before
    (own.district.folder / plan.school_path(own.district.school)).write_text("stale")
    assert own.http.get("/plan/" + plan.school_path(own.district.school)).text != "stale"
    own.wait_for_plan(own.district.publish())
    assert own.http.get("/plan/index.plan").content != before


def test_a_lost_file_is_not_found_and_the_door_goes_on(own: Door) -> None:
    files = index_of(own).schools[0]
    path = plan.school_path(files.org, files.plan_sha256)
    (own.district.folder / path).unlink()
    for asked in (path, plan.school_path(files.org)):
        assert own.http.get("/plan/" + asked).json()["code"] == "not_found"
    assert own.first_join(own.district.student, own.district.section).status_code == 200


def test_without_a_plan_there_is_none_to_serve(tmp_path: Path) -> None:
    door = Door(District(tmp_path / "plan"), tmp_path / "home")
    try:
        door.wait(status=503)
        answer = door.http.get("/plan/index.plan")
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert door.http.get("/plan/root.public").status_code == 200
    finally:
        door.stop()


def test_those_who_read_slowly_cost_a_door_no_memory(own: Door) -> None:
    """Many ask for a large file and read nothing: it stays on the disk."""
    large = own.district.folder / "school" / f"{own.district.school}.{'a' * 16}.plan"
    large.write_bytes(b"x" * 15_000_000)
    path = f"/plan/school/{large.name}"
    assert len(own.http.get(path).content) == 15_000_000
    before = memory_mb(own)
    readers = [socket.create_connection(("127.0.0.1", own.port)) for _ in range(60)]
    try:
        for reader in readers:
            reader.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(1) == b"H"
        assert memory_mb(own) - before < 60, "60 readers of 15 MB each"
        assert own.first_join(own.district.student, own.district.section).status_code == 200
    finally:
        for reader in readers:
            reader.close()


def memory_mb(door: Door) -> float:
    text = Path(f"/proc/{door.process.pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024
