"""Claims are commands: what `make prove` runs and records."""
