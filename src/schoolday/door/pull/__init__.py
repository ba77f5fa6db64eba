"""`schoolday pull`: fetches the plan for a door, so that the door itself never connects to anybody."""
