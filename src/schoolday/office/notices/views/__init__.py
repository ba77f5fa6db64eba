"""Pages and JSON of notices."""
