"""Practice classes: a place of a teacher's own, with students who are programs."""
