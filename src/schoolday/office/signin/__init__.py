"""Sign-on: passwords, badges, devices, and the passes that spare everybody the sign-on at the bell."""
