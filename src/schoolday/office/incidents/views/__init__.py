"""Pages, one file per noun; thin."""
