"""Pages: who comes to a class, and what families say."""
