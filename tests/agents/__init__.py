"""Programs in live classes: captions, practice students, the way in by phone."""
