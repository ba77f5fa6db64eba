"""The way into a class by phone: LiveKit's SIP bridge, led by the day's plan."""
