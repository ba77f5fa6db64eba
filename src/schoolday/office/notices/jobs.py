"""What the office's worker does for notices: one job that makes rows, one per channel, one that forgets."""

from collections.abc import Callable, Mapping

from schoolday.office.notices.channels import all_channels
from schoolday.office.notices.delivery.forgetting import ForgetOld
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.delivery.runner import Runner
from schoolday.settings_spec import Settings

EVERY_SECONDS = 1.0


def all_rounds(settings: Settings) -> Mapping[str, Callable[[], object]]:
    """Return what to call every second, each in a thread of its own: a dead channel then delays no other."""
    folder = settings.run_dir / "notices"
    channels = all_channels(settings)
    rounds: dict[str, Callable[[], object]] = {"notices": prepare_waiting, "notices:forget": ForgetOld(settings)}
    return rounds | {f"notices:{name}": Runner(channel, folder) for name, channel in channels.items()}
