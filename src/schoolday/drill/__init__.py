"""Rehearsals: the invented district, the first bell, the judge."""
