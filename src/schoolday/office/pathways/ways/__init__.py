"""Alternates of a section: its list, what a school allows, checks, packets, our own BigBlueButton, what is missing."""
