"""Web push (RFC 8030, 8188, 8291, 8292): to the browsers that asked for it, encrypted for each."""

from schoolday.office.notices.channels.push.channel import Push

__all__ = ["Push"]
