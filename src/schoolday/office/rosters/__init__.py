"""OneRoster: sessions, courses, sections, enrollments, and the import that makes them."""
