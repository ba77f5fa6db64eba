"""Guardians: their children side by side."""
