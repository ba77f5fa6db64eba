"""
Sending: each channel has its own loop, pace and breaker, so that a dead one delays no other.

Which wins when a worker is killed between sending and writing it down? Never twice beats at least once; docs/operate/
notices.md says for which channel what is known then. claims.py takes rows, journal.py remembers what the hands did,
runner.py sends, pace.py and breaker.py hold back, preparing.py makes the rows.
"""
