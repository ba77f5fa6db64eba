"""Captions: hears a class's grown-ups and sends what they say as text."""
