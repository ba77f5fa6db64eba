"""The configuration of LiveKit's SIP bridge and of the live server it needs, as text."""

from schoolday.settings_spec import Settings

REDIS = "127.0.0.1:6379"


def sip_yaml(settings: Settings, *, redis: str) -> str:
    """Return sip.yaml for livekit-sip. Holds the live servers' secret: for the bridge's user only (mode 600)."""
    node = next(iter(settings.live_nodes.values()))
    return (
        "# Of 'schoolday phone configuration'; keys as in livekit/sip's README.\n"
        f"api_key: {settings['LIVE_API_KEY']}\n"
        f"api_secret: {settings['LIVE_API_SECRET']}\n"
        f"ws_url: {node}\n"
        f"redis:\n  address: {redis}\n"
        "sip_port: 5060\n"
        "rtp_port: 10000-20000\n"
        "use_external_ip: true\n"
        "hide_inbound_port: true\n"
        "logging:\n  level: warn\n"
    )


def live_yaml(*, redis: str) -> str:
    """Return what the live server's own configuration needs besides: without Redis it refuses every SIP call."""
    return f"# Add to that live server's configuration.\nredis:\n  address: {redis}\n"
