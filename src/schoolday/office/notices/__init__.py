"""Notices via all means: who is told what, in which language, by which channel, and what came of it."""
