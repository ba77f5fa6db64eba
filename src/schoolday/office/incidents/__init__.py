"""Incidents: what was seen, decided and told; amnesties declared from them; who asks for help, and why."""
