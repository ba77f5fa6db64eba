"""The office's worker: jobs that run for themselves, each in its own thread. docs/operate/work.md tells of them."""
