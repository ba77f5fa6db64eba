"""Feeds for everybody: Atom in three languages and CAP 1.2, as files beside the plan, so they outlive the office."""

from schoolday.office.notices.channels.feeds.channel import Feeds

__all__ = ["Feeds"]
