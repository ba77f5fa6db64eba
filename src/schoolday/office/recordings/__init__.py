"""Recordings of classes: made by the teacher, of those whose families agreed, kept for a time."""
