"""The bench: durable joins a second at one real door, next to a plain answer of the same server in the same run."""
