"""Who is ready for the next school day, and whom to call: point by point the evening before, never promised."""
