"""Programs that take part in live classes: captions, practice students, and the way in by phone."""
