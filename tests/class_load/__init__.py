"""How large a class, and how many, one machine carries: synthetic participants with picture and sound, and browsers."""
