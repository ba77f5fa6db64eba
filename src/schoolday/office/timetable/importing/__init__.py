"""Bells and calendar from CSV files: reading and checking. docs/use/timetable.md is the form of the files."""
