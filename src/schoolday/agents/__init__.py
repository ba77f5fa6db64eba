"""Processes that take part in a live class: captions, practice students, the phone."""
