"""The online school day of a whole district."""
