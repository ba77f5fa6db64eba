"""Door: lets people in at the bell. No Django, no database, no identity provider. See README.md."""
