"""Who is who: orgs, persons, their roles, who is whose guardian, and the audit of what was done."""
