"""What every part may use: the clock, ids, errors, the log, signatures. Knows no Django and no part."""
