"""Who asks for help, for what cause, and who has taken it on."""
