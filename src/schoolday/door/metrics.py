"""
What a door counts. Plain integers on the hot path; prometheus-client, which takes 40 ms to load, writes them
out when somebody asks for the first time.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from schoolday.lib import clock

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from schoolday.door.cell import Cell

_BOUNDS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Counts answers by call and by verdict (`ok` or an error's code), and how long a join took."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str]] = Counter()
        self.join_seconds = 0.0
        self._join_buckets = [0] * (len(_BOUNDS_SECONDS) + 1)

    def joined(self, seconds: float) -> None:
        self._join_buckets[bisect_left(_BOUNDS_SECONDS, seconds)] += 1
        self.join_seconds += seconds

    def text(self, cell: "Cell") -> bytes:
        """Return Prometheus' text."""
        import prometheus_client
        from prometheus_client.registry import Collector

        numbers = self

        class Numbers(Collector):
            def collect(self) -> "Iterable[Metric]":
                return numbers.families(cell)

        registry = prometheus_client.CollectorRegistry()
        registry.register(Numbers())
        prometheus_client.ProcessCollector(registry=registry)
        return prometheus_client.generate_latest(registry)

    def families(self, cell: "Cell") -> "Iterable[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        answers = CounterMetricFamily(
            "schoolday_door_answers", "Answers by call and verdict", labels=("call", "verdict")
        )
        for (call, verdict), count in sorted(self.answers.items()):
            answers.add_metric((call, verdict), count)
        yield answers
        buckets, below = [], 0
        for bound, count in zip((*map(str, _BOUNDS_SECONDS), "+Inf"), self._join_buckets, strict=True):
            below += count
            buckets.append((bound, below))
        yield HistogramMetricFamily(
            "schoolday_door_join_seconds", "Joins that let somebody in", buckets=buckets, sum_value=self.join_seconds
        )
        spool, keeper = cell.spool, cell.keeper
        yield CounterMetricFamily("schoolday_door_spool_events", "Events on the disk", value=spool.kept)
        yield CounterMetricFamily("schoolday_door_spool_commits", "Commits, each with one fsync", value=spool.commits)
        yield CounterMetricFamily("schoolday_door_spool_failed", "Batches the disk did not take", value=spool.failed)
        yield CounterMetricFamily(
            "schoolday_door_spool_rotations", "New spool files after trouble or a day", value=spool.rotations
        )
        yield GaugeMetricFamily("schoolday_door_spool_waiting", "Events that wait for a commit", value=spool.waiting)
        yield CounterMetricFamily("schoolday_door_plan_refused", "Plans that were refused", value=keeper.refused)
        plan = keeper.plan
        yield GaugeMetricFamily(
            "schoolday_door_plan_version",
            "Version of the plan in force, 0 without",
            value=plan.index.version if plan else 0,
        )
        presence = cell.presence
        tried = CounterMetricFamily(
            "schoolday_door_tried", "What devices told of in vain, by the layer they blame", labels=("layer",)
        )
        for layer, count in sorted(cell.bell.tried.items()):
            tried.add_metric((layer,), count)
        yield tried
        yield GaugeMetricFamily("schoolday_door_people_in_class", "As live servers told", value=presence.people)
        yield CounterMetricFamily(
            "schoolday_door_people_not_followed", "Coming in beyond what a door keeps", value=presence.not_followed
        )
        yield CounterMetricFamily(
            "schoolday_door_calls", "Calls for an adult, one a class and minute", value=presence.calls
        )
        if plan:
            alone = len(presence.alone(plan, now=clock.now_seconds()))
            yield GaugeMetricFamily(
                "schoolday_door_meetings_alone", "With students and no adult, or calling", value=alone
            )
            age = clock.now_seconds() - plan.index.made_at
            yield GaugeMetricFamily("schoolday_door_plan_age_seconds", "Since the plan was made", value=age)
