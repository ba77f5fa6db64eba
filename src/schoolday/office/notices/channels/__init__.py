"""One folder per kind of channel; a newcomer copies the nearest one and names it in `all_channels`."""

from collections.abc import Mapping

from schoolday.office.notices.channels.channel import Channel
from schoolday.settings_spec import Settings


def all_channels(settings: Settings) -> Mapping[str, Channel]:
    """Return every channel that a worker serves, also those not set up: they say so. Banners need none: see banner/."""
    from schoolday.office.notices.channels.feeds import Feeds
    from schoolday.office.notices.channels.mail import Mail
    from schoolday.office.notices.channels.push import Push
    from schoolday.office.notices.channels.sms import Sms
    from schoolday.office.notices.channels.voice import Voice
    from schoolday.office.notices.channels.webhooks import Webhooks

    kinds = (Mail, Sms, Voice, Push, Feeds, Webhooks)
    return {channel.name: channel for channel in (kind(settings) for kind in kinds)}
