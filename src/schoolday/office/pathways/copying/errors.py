"""What can go wrong with a copy. Texts name the target, never its key or token."""

from schoolday.lib.errors import SchooldayError


class CopyFailed(SchooldayError):
    """A target does not take the plan now; what was in force there still is."""

    code = "copy_failed"
    retryable = True


class BadTarget(SchooldayError):
    """A target that can never be copied to: its address, its key, or what lies there is not right."""

    code = "bad_target"


class PlanMovedOn(SchooldayError):
    """The plan was published anew while it was copied; begin again with the new one."""

    code = "plan_moved_on"
    retryable = True
