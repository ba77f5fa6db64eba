"""What others hear of detours, after the transaction that made it so. Each carries `detour` and `actor`."""

from django.dispatch import Signal

proposed = Signal()
in_force = Signal()  # declared, approved, or adopted from a plan that was changed without the office
undone = Signal()
