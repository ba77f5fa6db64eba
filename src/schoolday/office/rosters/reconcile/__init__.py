"""From checked rows to the database: what is new, what changed, what is gone; and writing it, once."""
