"""Arrangements: who comes to a class beside its roster, for a time; and what holds for one child in class."""
