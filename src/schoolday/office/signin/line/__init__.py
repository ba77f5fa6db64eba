"""The waiting line before password sign-on: README.md."""
