"""The live class: LiveKit seats and grants by role, and the alternates. README.md says how it fails."""
