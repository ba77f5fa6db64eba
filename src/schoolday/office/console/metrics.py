"""The office's state for Prometheus; made anew at each scrape, so it is the same from every process of the office."""

from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from schoolday.office.console.queries import State
from schoolday.office.console.readiness.figures import Figures

_RECONCILED = {
    "at": "when the door's spools were last compared with the evidence, seconds since 1970",
    "checked": "events compared then",
    "missing": "events that should have been here and were not; they are now, unless refused",
    "refused": "events that can never be taken",
    "different": "events that are not the same at the door and here",
    "damaged": "spool files the door has set aside",
}


class _StateCollector(Collector):
    def __init__(self, state: State, readiness: Figures | None) -> None:
        self._state = state
        self._readiness = readiness

    def collect(self) -> Iterable[Metric]:
        state = self._state
        if state.plan is not None:
            made_at = state.plan.made_at.timestamp()
            yield _gauge("plan_version", "version of the plan in force", state.plan.version)
            yield _gauge("plan_made_at_seconds", "when the plan in force was made, since 1970", made_at)
        lag = GaugeMetricFamily(
            "schoolday_door_drain_lag_seconds", "since the door's spool was last read", labels=["door"]
        )
        for door in state.doors:
            if door.lag_seconds is not None:
                lag.add_metric([door.door], door.lag_seconds)
        yield lag
        yield _gauge("jobs_waiting", "jobs that wait in the database", state.jobs_waiting)
        yield _gauge("jobs_failed", "jobs that failed in the last 7 days", state.jobs_failed)
        yield _gauge("imports_failed", "roster imports refused or failed in the last 7 days", state.imports_failed)
        yield _gauge("evidence_refused", "events of doors that could not be taken in 7 days", state.evidence_refused)
        for name, text in _RECONCILED.items():
            family = GaugeMetricFamily(f"schoolday_reconcile_{name}", text, labels=["door"])
            for door_id, found in state.reconciled.items():
                family.add_metric([door_id], found.get(name, 0))
            yield family
        people = GaugeMetricFamily("schoolday_people", "people in the roster", labels=["role"])
        for role, count in state.people.items():
            people.add_metric([role], count)
        yield people
        if self._readiness is not None:
            yield from _ready(self._readiness)
        yield from _worker(state)


def render(state: State, readiness: Figures | None) -> bytes:
    """Return the state in the Prometheus text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_StateCollector(state, readiness))
    return generate_latest(registry)


def _ready(readiness: Figures) -> Iterable[Metric]:
    text = "people by what they hold for their school's next day; readiness_counted_at_seconds says when"
    family = GaugeMetricFamily("schoolday_readiness", text, labels=["role", "degree"])
    for role, tally in (("student", readiness.students), ("adult", readiness.adults)):
        family.add_metric([role, "ready"], tally.ready)
        family.add_metric([role, "can_come"], tally.can_come)
        family.add_metric([role, "nobody_knows"], tally.nobody_knows)
    yield family
    yield _gauge(
        "families_to_call",
        "families to call this evening; readiness_counted_at_seconds says when",
        readiness.calls.to_call,
    )
    yield _gauge("readiness_counted_at_seconds", "when readiness was counted, since 1970", readiness.at.timestamp())


def _worker(state: State) -> Iterable[Metric]:
    if state.worker is None or state.worker_lag_seconds is None:
        return
    yield _gauge("work_heartbeat_age_seconds", "since the worker last said that it runs", state.worker_lag_seconds)
    runs = CounterMetricFamily("schoolday_work_runs", "rounds of a job since the worker began", labels=["job"])
    failures = CounterMetricFamily("schoolday_work_failures", "rounds of a job that failed", labels=["job"])
    jobs: dict[str, Any] = state.worker.get("jobs", {})
    for name, job in jobs.items():
        runs.add_metric([name], job["runs"])
        failures.add_metric([name], job["failures"])
    yield runs
    yield failures


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"schoolday_{name}", text, value=value)
