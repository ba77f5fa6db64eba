"""Reading OneRoster CSV, 1.1 and 1.2: from a path to checked rows. Knows no database."""
