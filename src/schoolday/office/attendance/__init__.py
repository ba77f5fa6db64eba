"""What happened: evidence drained from the doors, and the register computed from it."""
