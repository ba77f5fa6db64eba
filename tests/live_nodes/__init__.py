"""Two real live servers, one class."""
