"""The whole district: counted when somebody looks, or, when it is large, as the worker counted it last."""

from collections.abc import Sequence

from django.core.cache import cache

from schoolday.office.console.readiness import figures
from schoolday.office.console.readiness.figures import Figures
from schoolday.office.console.readiness.kept import kept
from schoolday.office.people.models import Org

_CACHE_KEY = "readiness"
_CACHED_SECONDS = 300  # devices renew over hours; our judgement


def figures_of_all(schools: Sequence[Org]) -> Figures | None:
    """Return the figures for an operator's page; None: of this large district there is no count yet."""
    return kept(schools) if figures.is_large(schools) else figures.figures_of(schools)


def lately_ready() -> Figures | None:
    """
    Return the district's figures, at most five minutes old in this process: somebody scrapes them every few seconds.

    None: of a large district there is no count yet.
    """

    def ask() -> Figures | None:
        return figures_of_all(list(Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True)))

    found: Figures | None = cache.get(_CACHE_KEY)
    if found is None and (found := ask()) is not None:
        cache.set(_CACHE_KEY, found, _CACHED_SECONDS)
    return found
