"""The clerk of the line on a clock of its own: order, honesty, bounds, and what comes back after a restart."""

import random
from dataclasses import dataclass, field

import pytest

from schoolday.office.signin.hasher_protocol import LAST_RANK, Turn, Visitor
from schoolday.office.signin.line import clerk as clerks
from schoolday.office.signin.line.clerk import Clerk
from schoolday.office.signin.line.restart import SETTLE_SECONDS

BELL = 1_800_000_000
HASH_SECONDS = 0.03


@dataclass
class World:
    """Time, a clerk, and two slots that hash for 30 ms each."""

    now: float = 1_000.0
    slots: int = 2
    done: list[bytes] = field(default_factory=list)
    busy_until: list[float] = field(default_factory=list)
    clerk: Clerk = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.clerk = Clerk(slots=self.slots, now=lambda: self.now, wall_ms=lambda: int(self.now * 1000))
        self.busy_until = [self.now] * self.slots
        self.hashing: list[float] = []

    def hash(self, account: bytes) -> None:
        assert self.clerk.take(account), "who was told 0 has a turn"
        self.done.append(account)
        slot = self.busy_until.index(min(self.busy_until))
        self.busy_until[slot] = max(self.now, self.busy_until[slot]) + HASH_SECONDS
        self.hashing.append(self.busy_until[slot])
        self.clerk.hashing += 1

    def tick(self, to: float) -> None:
        self.now = to
        for _ in [end for end in self.hashing if end <= to]:
            self.clerk.hashing -= 1
            self.clerk.hashed(HASH_SECONDS * 1000)
        self.hashing = [end for end in self.hashing if end > to]


@dataclass
class Somebody:
    """A visitor as the app behaves: comes, keeps her ticket, asks again in time, signs on when it is her turn."""

    name: str
    rank: int = 1
    bell: int = BELL
    known: bool = True
    comes_at: float = 1_000.0
    next_at: float = 0.0
    gone: bool = False
    never_comes: bool = False  # closes the page when it is her turn
    ticket: Visitor | None = None
    told: list[Turn] = field(default_factory=list)
    told_at: list[float] = field(default_factory=list)
    through_at: float = 0.0

    @property
    def account(self) -> bytes:
        return self.name.encode()

    def ask(self, world: World, dice: random.Random) -> None:
        if self.ticket is None:
            if world.clerk.admit(self.account):
                return self._go(world)
            arrived = int(world.now * 1000)
            self.ticket = visitor(self.name, rank=self.rank, bell=self.bell, arrived=arrived, known=self.known)
        turn = world.clerk.visit(self.ticket)
        assert turn is not None
        self.told.append(turn)
        self.told_at.append(world.now)
        if turn.place == 0:
            return self._go(world)
        self.ticket = visitor(
            self.name,
            rank=turn.rank,
            bell=self.bell,
            arrived=self.ticket.arrived_at_ms,
            known=self.known,
            told=turn.place,
            told_at=int(world.now * 1000),
            told_seconds=turn.wait_seconds,
        )
        self.next_at = world.now + turn.poll_after_seconds * dice.uniform(0.85, 1.15)
        return None

    def _go(self, world: World) -> None:
        if self.never_comes:
            self.gone = True
            return
        world.hash(self.account)
        self.through_at = world.now


def visitor(
    name: str,
    *,
    rank: int = 1,
    bell: int = BELL,
    arrived: int = 0,
    known: bool = True,
    told: int = 0,
    told_at: int = 1_000_000,
    told_seconds: int = 60,
) -> Visitor:
    return Visitor(
        account=name.encode(),
        rank=rank,
        bell_at=bell,
        arrived_at_ms=arrived,
        is_known=known,
        told=told,
        told_at_ms=told_at,
        told_seconds=told_seconds,
    )


def run(world: World, people: list[Somebody], *, seconds: float, seed: int = 1) -> None:
    """Let everybody do what the app does, in steps of 10 ms."""
    dice = random.Random(seed)
    for one in people:
        one.next_at = one.next_at or one.comes_at
    until = world.now + seconds
    while world.now < until and any(not one.through_at and not one.gone for one in people):
        for one in people:
            if one.next_at <= world.now and not one.through_at and not one.gone:
                one.ask(world, dice)
        world.tick(world.now + 0.01)


def crowd(count: int, *, dice: random.Random) -> list[Somebody]:
    """One in ten is a teacher; the others have one of three bells; all come within a second."""
    return [
        Somebody(
            f"p{n}",
            rank=0 if n % 10 == 0 else 1,
            bell=BELL + 3600 if n % 10 == 0 else BELL + 300 * dice.randrange(3),
            comes_at=1_000 + dice.random(),
        )
        for n in range(count)
    ]


def test_in_calm_times_nobody_sees_the_line() -> None:
    world = World()
    people = [Somebody(f"p{n}", comes_at=1_000 + n / 50) for n in range(500)]  # 50 a second, 66 can be
    run(world, people, seconds=30)
    assert not any(one.told for one in people)
    assert all(one.through_at == pytest.approx(one.comes_at, abs=0.02) for one in people)


@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_at_once_staff_first_then_by_bell(seed: int) -> None:
    world, dice = World(), random.Random(seed)
    people = crowd(1_000, dice=dice)
    run(world, people, seconds=60, seed=seed)
    assert all(one.through_at for one in people), "nobody is left over"
    assert len(world.done) == len(set(world.done)) == 1_000, "one account, one hash"
    waited = [one for one in people if one.told]
    teachers = [one.through_at for one in waited if one.rank == 0]
    assert max(teachers) - 1_000 < 5
    by_bell = {
        bell: sorted(one.through_at for one in waited if one.rank and one.bell == bell)
        for bell in (BELL, BELL + 300, BELL + 600)
    }
    for sooner, later in ((BELL, BELL + 300), (BELL + 300, BELL + 600)):
        # Nine in ten of the sooner bell are through before one in ten of the later one is.
        assert by_bell[sooner][len(by_bell[sooner]) * 9 // 10] < by_bell[later][len(by_bell[later]) // 10]
    for one in people:
        places = [turn.place for turn in one.told]
        assert places == sorted(places, reverse=True), "a place never rises"
    took = max(one.through_at for one in people) - 1_000
    assert took < 1.25 * 1_000 * HASH_SECONDS / 2, "slots do not stand idle while somebody waits"
    ratios = sorted(
        turn.wait_seconds / (one.through_at - at)
        for one in waited
        for turn, at in zip(one.told, one.told_at, strict=True)
        if one.rank and turn.place and one.through_at - at > 2
    )
    assert 0.5 < ratios[len(ratios) // 2] < 2, ratios[len(ratios) // 2]


def test_killed_in_the_middle_the_order_comes_back() -> None:
    world, dice = World(), random.Random(5)
    people = [Somebody(f"p{n:04}", bell=BELL + 300 * (n % 2), comes_at=1_000 + n / 1_000) for n in range(1_500)]
    run(world, people, seconds=8)
    through_before = {one.name for one in people if one.through_at}
    assert 300 < len(through_before) < 800
    world.restart()
    latecomers = [Somebody(f"new{n}", bell=BELL + 600, comes_at=world.now + 0.5 + dice.random()) for n in range(50)]
    run(world, people + latecomers, seconds=60)
    assert all(one.through_at for one in people + latecomers)
    for one in people:
        places = [turn.place for turn in one.told]
        assert places == sorted(places, reverse=True)
    late = sorted(one.through_at for one in latecomers)
    old = sorted(one.through_at for one in people)
    assert late[5] > old[-100], "who came after the restart is behind who waited before it"


def test_the_place_is_the_accounts_and_the_oldest_counts() -> None:
    world = World()
    fill(world, 300)
    first = world.clerk.visit(visitor("naika", arrived=5_000))
    assert first
    in_line = len(world.clerk)
    for n in range(20):
        again = world.clerk.visit(visitor("naika", arrived=6_000 + n))
        assert again
        assert again.place == first.place
    assert len(world.clerk) == in_line, "twenty tickets of one account are one place"
    older = world.clerk.visit(visitor("naika", arrived=1, told=first.place))
    assert older
    assert older.place < first.place


def test_who_is_called_has_a_hash_for_half_a_minute_and_then_her_place_again() -> None:
    world = World()
    assert world.clerk.admit(b"a")
    assert world.clerk.turns == 1
    world.tick(world.now + 29)
    assert world.clerk.admit(b"a"), "still"
    assert world.clerk.take(b"a")
    assert not world.clerk.take(b"a"), "one turn, one hash"
    assert world.clerk.admit(b"b")
    world.tick(world.now + 31)
    assert not world.clerk.take(b"b")
    fill(world, 200)
    late = world.clerk.visit(visitor("b", arrived=1, told=1))
    assert late
    assert late.place <= 20, "in front of all who came later"
    world.clerk.leave(b"p0")


def test_nobody_waits_for_who_does_not_come_back() -> None:
    world = World()
    people = [Somebody(f"p{n}", comes_at=1_000 + n / 1_000) for n in range(600)]
    for one in people[:400:2]:
        one.bell = BELL - 300  # they would be the first
    run(world, people, seconds=1.5)
    for one in people[:400:2]:
        one.gone = True
    run(world, people, seconds=60)
    stayed = [one for one in people if not one.gone]
    assert max(one.through_at for one in stayed) < 1_000 + 600 * HASH_SECONDS / 2 + 15
    assert len(world.clerk) == 0


def test_turns_that_nobody_uses_hold_up_nobody() -> None:
    world = World()
    people = [Somebody(f"p{n}", comes_at=1_000 + n / 1_000, never_comes=n % 20 == 0) for n in range(1_000)]
    run(world, people, seconds=60)
    came = [one for one in people if not one.never_comes]
    assert max(one.through_at for one in came) < 1_000 + 1.5 * len(came) * HASH_SECONDS / 2


def test_whoever_collects_turns_and_uses_none_comes_last() -> None:
    world = World()
    for n in range(clerks.TURNS_PER_ACCOUNT):
        turn = world.clerk.visit(visitor("holder", arrived=1, told=1))
        assert turn
        assert turn.place == 0, n
        world.tick(world.now + clerks.TURN_SECONDS + 1)
    fill(world, 100)
    held = world.clerk.visit(visitor("holder", arrived=1, told=1))
    assert held
    assert held.rank == LAST_RANK


def test_a_day_of_calm_costs_no_memory() -> None:
    world = World()
    for _ in range(5_000):
        assert world.clerk.admit(b"somebody")
        assert world.clerk.take(b"somebody")
        world.clerk.hashed(30)
        world.tick(world.now + 200)
    assert len(world.clerk._done) < 10
    assert len(world.clerk._used) == 1


def test_a_flood_of_made_up_names_does_not_push_real_ones_back() -> None:
    world = World()
    flood = [Somebody(f"x{n}", known=False, bell=BELL - 1, comes_at=1_000 + n / 2_000) for n in range(3_000)]
    real = [Somebody(f"p{n}", bell=BELL, comes_at=1_001 + n / 200) for n in range(200)]
    run(world, flood + real, seconds=20)
    assert all(one.through_at for one in real)
    alone = 200 * HASH_SECONDS / 2
    assert max(one.through_at for one in real) < 1_001 + alone + 5
    shown = [one.told[0] for one in flood[100:140]]
    assert all(turn.place > 0 for turn in shown)


def test_a_few_made_up_names_stand_where_students_stand() -> None:
    world = World()
    fill(world, 100)
    known = world.clerk.visit(visitor("real", arrived=10**9))
    unknown = world.clerk.visit(visitor("nobody", arrived=10**9 + 1, known=False))
    assert known
    assert unknown
    assert unknown.place == known.place + 1
    assert unknown.rank == known.rank


def test_who_takes_turn_after_turn_comes_after_all_others() -> None:
    world = World()
    for _ in range(clerks.TURNS_PER_ACCOUNT):
        turn = world.clerk.visit(visitor("guesser", arrived=1, told=1))
        assert turn
        assert turn.place == 0
        assert world.clerk.take(b"guesser")
    fill(world, 100)
    tired = world.clerk.visit(visitor("guesser", arrived=1, told=1, rank=0))
    assert tired
    assert tired.rank == LAST_RANK
    world.tick(world.now + clerks.TURNS_WINDOW_SECONDS + 1)
    rested = world.clerk.visit(visitor("guesser", arrived=1))
    assert rested
    assert rested.rank == 1


def test_a_full_line_turns_only_the_last_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerks, "LINE_AT_MOST", 50)
    world = World()
    fill(world, 200)
    assert len(world.clerk) == 50
    assert world.clerk.visit(visitor("last", arrived=10**12)) is None
    teacher = world.clerk.visit(visitor("teacher", rank=0, arrived=10**12))
    assert teacher
    assert teacher.place < 30
    assert len(world.clerk) == 50
    back = world.clerk.visit(visitor("p190", arrived=190, told=60))
    assert back
    assert 0 < back.place <= 60, "who was put out for her still has her ticket, and is told how it is"


def test_asking_all_the_time_gains_nothing_and_costs_no_memory() -> None:
    world = World()
    fill(world, 300)
    first = world.clerk.visit(visitor("eager", arrived=10**9))
    assert first
    for _ in range(5_000):
        again = world.clerk.visit(visitor("eager", arrived=10**9, told=first.place))
        assert again
        assert again.place == first.place
    assert len(world.clerk._late) < 1_000


def test_far_back_one_asks_each_twenty_seconds_and_less_often_in_a_very_long_line() -> None:
    world = World()
    turns = fill(world, 40_000)
    assert turns[3_000].poll_after_seconds == clerks.POLL_SECONDS
    assert turns[-1].poll_after_seconds == 39
    assert turns[30].poll_after_seconds == 1


def test_a_restart_is_over_after_a_while() -> None:
    world = World()
    back = world.clerk.visit(visitor("a", arrived=1, told=5_000))
    assert back
    assert back.place == 5_000
    assert not world.clerk.admit(b"new"), "others are still to come back"
    world.tick(world.now + SETTLE_SECONDS + 1)
    found = world.clerk.visit(visitor("a", arrived=1, told=5_000))
    assert found
    assert found.place == 0


def fill(world: World, count: int) -> list[Turn]:
    turns = [world.clerk.visit(visitor(f"p{n}", arrived=n)) for n in range(count)]
    return [turn for turn in turns if turn]
