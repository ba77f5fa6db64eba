"""The embedded default: every process of a school day on one machine, under one supervisor."""
