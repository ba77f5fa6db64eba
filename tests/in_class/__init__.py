"""The live class as those who are in it have it: a real school day, real live servers, real browsers with cameras."""
