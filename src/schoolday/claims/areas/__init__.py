"""The areas of `make prove`, and their claims."""

from schoolday.claims.areas import live_class, main_job, parts, plan_b
from schoolday.claims.claim import Claim

AREAS: dict[str, tuple[Claim, ...]] = {
    "main-job": main_job.CLAIMS,
    "parts": parts.CLAIMS,
    "plan-b": plan_b.CLAIMS,
    "class": live_class.CLAIMS,
}
