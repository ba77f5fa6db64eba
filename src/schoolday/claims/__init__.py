"""
Claims are commands: what we say of Schoolday, `make prove` shows with real parts and records in proofs/.

A claim names the tests that show it; a test says its figure through the fixture `figure` (tests/figures.py).
It holds when its tests pass and a figure was said.
"""
