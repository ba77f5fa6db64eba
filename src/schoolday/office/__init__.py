"""Office: the truth, and everything that is decided in the evening. The only part that knows Django."""
