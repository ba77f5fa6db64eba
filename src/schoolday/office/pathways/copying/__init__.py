"""Copying the plan's files to other hosts, so that a device finds them wherever it looks."""
