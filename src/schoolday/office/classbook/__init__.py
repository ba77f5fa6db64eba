"""The class book: what happened in each meeting, kept without anyone writing it down, and what was shown there."""
