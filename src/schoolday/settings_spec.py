"""
Every setting of Schoolday in one table; office, door and supervisor all read it.

A value comes from the environment, else from `settings.env` in SCHOOLDAY_HOME, else from the default here.
Secrets without a value are made once in the embedded mode and written to `settings.env` (mode 600); in
district mode a missing one stops the start with a sentence. docs/operate/settings.md lists this table.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schoolday.lib.errors import BadSettings

THREADS_PER_OFFICE_WORKER = 8  # a request mostly waits for the database; our judgement


@dataclass(frozen=True)
class Setting:
    """One row: `kind` parses the text and raises ValueError; `default` is text, as in the environment."""

    name: str
    kind: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False


def _flag(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("", "0", "false", "no", "off"):
        return False
    raise ValueError("say 1 or 0")


def _pairs(text: str) -> dict[str, str]:
    """Read `d1=http://one,d2=http://two`."""
    pairs = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        key, equals, value = part.partition("=")
        if not (key and equals and value):
            raise ValueError("say id=url, separated by commas")
        pairs[key] = value.rstrip("/")
    return pairs


def _words(text: str) -> dict[str, str]:
    pairs = [word.partition("=") for word in text.lower().split()]
    if not all(key and equals and value for key, equals, value in pairs):
        raise ValueError("say name=value, separated by spaces")
    if unknown := {key for key, _, _ in pairs} - {"sign_on", "hosting", "company", "line", "domain"}:
        raise ValueError(f"say sign_on, hosting, company, line or domain, not {', '.join(sorted(unknown))}")
    return {key: value for key, _, value in pairs}


def _hex32(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != 32:
        raise ValueError("say 64 hexadecimal digits (32 bytes)")
    return raw


def _mode(text: str) -> str:
    if text not in ("embedded", "district"):
        raise ValueError("say embedded or district")
    return text


def _tls(text: str) -> str:
    if text not in ("starttls", "tls", "none"):
        raise ValueError("say starttls, tls or none")
    return text


def _recordings(text: str) -> str:
    if text not in ("off", "teacher"):
        raise ValueError("say off or teacher")
    return text


def _days(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 3650:
        raise ValueError("say 1 to 3650 days")
    return value


def _megabytes(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1_000_000:
        raise ValueError("say 1 to 1000000 MB")
    return value


def _user_password(text: str) -> str:
    user, _, password = text.partition(":")
    if text and not (user and len(password) >= 16):
        raise ValueError("say user:password, the password of 16 letters at least")
    return text


def _chat_by_band(text: str) -> dict[str, str]:
    """Read whom students of each band may write to; `K-2` is above `PK-5` for classes of these grades only."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError("say JSON") from error
    if not isinstance(found, dict) or set(found) - {"K-2", "PK-5", "6-8", "9-12"}:
        raise ValueError("say K-2, PK-5, 6-8 or 9-12 and a word for each")
    if any(word not in ("class", "teacher", "off") for word in found.values()):
        raise ValueError("say class, teacher or off for each band")
    return found


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 3600:
        raise ValueError("say 0.1 to 3600 seconds")
    return value


# Where browsers' push subscriptions point. A list, since whoever subscribes chooses where our requests go.
PUSH_HOSTS = "fcm.googleapis.com .google.com .push.services.mozilla.com .notify.windows.com .push.apple.com"

# Small children write to grown-ups only until their teacher says otherwise; our judgement.
CHAT_BY_BAND = '{"PK-5": "teacher", "6-8": "class", "9-12": "class"}'

SETTINGS: tuple[Setting, ...] = (
    Setting("MODE", _mode, "embedded", "embedded: all on this machine; district: a missing part stops the start"),
    Setting("PORTAL_NAME", str, "My School Online", "what families call it; in the head of every page"),
    Setting("DISTRICT", str, "demo", "short id of the district; signed contracts of another district are refused"),
    Setting("TIME_ZONE", str, "America/New_York", "zone of the district; a school may have its own"),
    Setting("PUBLIC_URL", str, "", "where people reach the edge; default: localhost at EDGE_PORT"),
    Setting("SITES", int, "2", "sites of the embedded default, each an edge, a door and a live server: 1 or 2"),
    Setting("PUBLIC_URL_B", str, "", "where people reach the second site's edge; default: localhost at EDGE_B_PORT"),
    Setting("DATABASE_URL", str, "", "default: SQLite in SCHOOLDAY_HOME; for a district postgres://…"),
    Setting("EDGE_PORT", int, "8000", "port of the edge (nginx)"),
    Setting("EDGE_B_PORT", int, "8002", "port of the second site's edge"),
    Setting("OFFICE_PORT", int, "8001", "port of the office, on loopback"),
    Setting("OFFICE_WORKERS", int, "2", "processes of the office"),
    Setting("DOOR_ID", str, "d1", "which of DOORS this process is"),
    Setting("DOOR_PORT", int, "8011", "port of this door, on loopback"),
    Setting("DOOR_B_PORT", int, "8012", "port of the second site's door, on loopback"),
    Setting("DOORS", _pairs, "", "doors as devices reach them: id=url,…; default: one behind each site's edge"),
    Setting("DOORS_DRAIN", _pairs, "", "doors as the office reaches them: id=url,…; default: on loopback"),
    Setting("SITE_OF", _pairs, "", "at which site a door or live server is: id=site,…; devices try another site next"),
    Setting("SPOOL_KEEP_DAYS", int, "30", "how long a door keeps a spool that the office has drained"),
    Setting("PLAN_HOSTS", str, "", "bases of plan files for devices, separated by spaces; default: the edge"),
    Setting("PLAN_DIR", str, "", "where plan files are written and doors read them; default: plan/ in SCHOOLDAY_HOME"),
    Setting("PLAN_SOURCES", str, "", "where 'schoolday pull' fetches the plan for a door, bases separated by spaces"),
    Setting("PLAN_PULL_SECONDS", int, "10", "how often it does, whole, calm or crisis"),
    Setting("PLAN_COPIES", str, "", "copies of the plan: folders, s3://bucket/path, https://host/path; spaces between"),
    Setting("PLAN_S3_ENDPOINT", str, "", "address of an S3-compatible service; empty: Amazon's own"),
    Setting("PLAN_S3_REGION", str, "us-east-1", "its region"),
    Setting("PLAN_S3_KEY_ID", str, "", "access key for s3:// copies; empty: as the machine's own role allows"),
    Setting("PLAN_S3_SECRET", str, "", "the access key's secret"),
    Setting("PLAN_PUT_TOKENS", _pairs, "", "bearer tokens of https:// copies: host=token,…; each for its own host"),
    Setting("PLAN_SCHOOL_DAYS", int, "2", "school days that one plan covers"),
    Setting("LIVE_NODES", _pairs, "", "live servers as devices reach them: id=wss://…; default: the embedded one"),
    Setting("LIVE_PORT", int, "7880", "port of the embedded live server"),
    Setting("LIVE_TCP_PORT", int, "7881", "its port for media over TCP"),
    Setting("LIVE_UDP_PORT", int, "7882", "its port for media over UDP"),
    Setting("LIVE_B_PORT", int, "7890", "port of the second site's live server"),
    Setting("LIVE_B_TCP_PORT", int, "7891", "its port for media over TCP"),
    Setting("LIVE_B_UDP_PORT", int, "7892", "its port for media over UDP"),
    Setting("CAPTIONS_PORT", int, "8021", "port of 'schoolday captions serve', on loopback"),
    Setting("CAPTIONS_ENGINE", str, "pocketsphinx", "what turns speech into text: pocketsphinx, or a module of yours"),
    Setting("CAPTIONS_AT_MOST", int, "2", "classes with captions at a time; each voice takes a third of a core"),
    Setting("PRACTICE_PORT", int, "8022", "port of 'schoolday practice serve', on loopback"),
    Setting("PRACTICE_AT_MOST", int, "2", "practice classes at a time"),
    Setting("PHONE_NUMBERS", str, "", "numbers of the SIP trunk by which one calls into class; empty: none"),
    Setting("PHONE_SCHOOLS", str, "", "ids of the schools whose classes one can call; empty: all"),
    Setting("PHONE_LIVE_URL", str, "", "live server with Redis and the SIP bridge; default: the first of LIVE_NODES"),
    Setting("PHONE_EVERY_SECONDS", _seconds, "10", "how often the ways by phone follow the plan"),
    Setting("LIVE_API_KEY", str, "schoolday", "API key of the live servers"),
    Setting("LIVE_API_SECRET", str, "", "API secret of the live servers", secret=True),
    Setting("CELL_SECRET", _hex32, "", "what the doors of one cell and the office share", secret=True),
    Setting("OFFICE_SECRET_KEY", str, "", "Django's secret key", secret=True),
    Setting("ROOT_PUBLIC_KEY", str, "", "public root key, base64; default: keys/root.public in SCHOOLDAY_HOME"),
    Setting("PASS_SCHOOL_DAYS", int, "5", "school days that a pass is good for"),
    Setting("PASS_GRACE_SCHOOL_DAYS", int, "3", "school days after that on which it still admits to class"),
    Setting("JOIN_OPENS_MINUTES", int, "10", "how long before the bell one can join"),
    Setting("TARDY_AFTER_MINUTES", int, "5", "from when on one is tardy; a school may have its own"),
    Setting("LEFT_EARLY_MINUTES", int, "10", "gone that long before the end is left early; our judgement"),
    Setting("PICTURE_PIN_GRADES", str, "", "grades whose badges ask for the picture PIN, e.g. KG 01 02"),
    Setting("CHAT_BY_BAND", _chat_by_band, CHAT_BY_BAND, "whom students may write to in class: class, teacher or off"),
    Setting("HASHER_SLOTS", int, "0", "password hashes at a time; 0: one per core"),
    Setting("MAIL_HOST", str, "", "mail server (SMTP) for notices; empty and no MAIL_SERVICE: no mail goes out"),
    Setting("MAIL_PORT", int, "587", "its port"),
    Setting("MAIL_TLS", _tls, "starttls", "starttls, tls (from the first byte) or none (a relay on this machine)"),
    Setting("MAIL_USER", str, "", "account at the mail server; empty: none is needed"),
    Setting("MAIL_PASSWORD", str, "", "its password"),
    Setting("MAIL_FROM", str, "", "sender of notices, e.g. Bay Schools <notices@bay.example>"),
    Setting("MAIL_SERVICE", str, "", "instead of MAIL_HOST a service that django-anymail knows, e.g. amazon_ses"),
    Setting("MAIL_SERVICE_KEYS", _pairs, "", "its settings as django-anymail names them: NAME=value,…"),
    Setting("MAIL_WEBHOOK_SECRET", _user_password, "", "user:password by which it tells which mails came back"),
    Setting("MAIL_PER_SECOND", float, "50", "mails a second at most; what your server or service allows"),
    Setting("MAIL_PER_DOMAIN_PER_SECOND", float, "20", "of these to one domain at most"),
    Setting("MAIL_PARALLEL", int, "4", "connections to the mail server at a time"),
    Setting("TWILIO_URL", str, "https://api.twilio.com", "where Twilio's API is; another host that speaks it will do"),
    Setting("TWILIO_ACCOUNT", str, "", "account SID for text messages and calls; empty: none go out"),
    Setting("TWILIO_TOKEN", str, "", "its auth token"),
    Setting("TWILIO_FROM", str, "", "sender: a number (+13055550100) or a messaging service (MG…)"),
    Setting("TWILIO_VOICE_FROM", str, "", "caller's number of calls; default: TWILIO_FROM when it is a number"),
    Setting("SMS_PER_SECOND", float, "10", "text messages a second at most; what your number allows"),
    Setting("SMS_PARALLEL", int, "4", "requests for text messages at a time"),
    Setting("VOICE_PER_SECOND", float, "1", "calls begun a second at most"),
    Setting("VOICE_PARALLEL", int, "2", "requests for calls at a time"),
    Setting("PUSH_PER_SECOND", float, "200", "web push messages a second at most"),
    Setting("PUSH_PARALLEL", int, "4", "requests to push services at a time"),
    Setting("PUSH_CONTACT", str, "", "where push services can reach you: mailto:…; default: the address of MAIL_FROM"),
    Setting("PUSH_HOSTS", str, PUSH_HOSTS, "push services we send to: hosts, .domains or origins; spaces between"),
    Setting("WEBHOOKS", _pairs, "", "notices also go to slack=https://…,teams=https://…,json=https://…"),
    Setting("WEBHOOK_SECRET", str, "", "key of the signature on json web hooks; without it none are sent"),
    Setting("NOTICE_ROWS_KEEP_DAYS", _days, "90", "how long it is kept who got which notice how; then only counts"),
    Setting("NOTICE_KEEP_DAYS", _days, "400", "how long a notice and its counts are kept: a school year and a summer"),
    Setting("CLASSBOOK_DIR", str, "", "where files of classes lie; default: classbook/ in SCHOOLDAY_HOME"),
    Setting("CLASSBOOK_FILE_MB", _megabytes, "20", "a file given to a class has at most that many MB"),
    Setting("CLASSBOOK_CLASS_MB", _megabytes, "1000", "all files of one class together at most"),
    Setting("CLASSBOOK_KEEP_DAYS", _days, "400", "how long it is kept what happened in a meeting: a year and a summer"),
    Setting("CLASSBOOK_FILES_KEEP_DAYS", _days, "400", "how long files, boards and slides of a meeting are kept"),
    Setting("MAIN_PATH_SHARES", _words, "", "what live classes stand on: sign_on=microsoft hosting=aws domain=…"),
    Setting("LINK_CHECK", _flag, "1", "1: the worker looks at teachers' links; 0: this machine has no way out"),
    Setting("LINK_CHECK_PRIVATE", _flag, "0", "1: links may lead to private addresses, for a portal without internet"),
    Setting("BBB_URL", str, "", "our BigBlueButton: https://…/bigbluebutton; empty: none"),
    Setting("BBB_SECRET", str, "", "its shared secret ('bbb-conf --secret'); doors need it too"),
    Setting("RECORDINGS", _recordings, "off", "off: nobody records; teacher: teachers may, families agreeing"),
    Setting("RECORDING_KEEP_DAYS", _days, "30", "how long a recording is kept; an administrator may keep one longer"),
    Setting("RECORDINGS_DIR", str, "", "where recordings are; default: recordings/ in SCHOOLDAY_HOME"),
    Setting("RECORDINGS_AT_MOST_GB", float, "200", "how much of them is kept at most; then devices keep theirs"),
    Setting("DETOUR_FOUR_EYES", _flag, "0", "1: another operator approves a detour of district scope"),
    Setting("PROBE_VANTAGE", str, "inside", "where 'schoolday probe' looks from: inside, or a place's name"),
    Setting("PROBE_EVERY_SECONDS", _seconds, "10", "how often it looks at everything"),
    Setting("PROBE_LINE", str, "", "what lies beyond the district's line: host:port or URLs, spaces between"),
    Setting("PROBE_NAMES", str, "", "names to look up, spaces between; default: those of edges, doors and plan hosts"),
    Setting("PROBE_OFFICE", str, "", "the office as an inside probe reaches it; default: on loopback at OFFICE_PORT"),
    Setting("PROBE_OTHERS", str, "", "reports of probes at other places: URLs of their /probes, spaces between"),
    Setting("PROBE_HOST", str, "127.0.0.1", "address at which a probe serves its report"),
    Setting("PROBE_PORT", int, "0", "its port; 0: it serves none"),
    Setting("PROBE_FLOOD_PER_SECOND", float, "500", "requests a second that bring nobody in, from which it is a flood"),
    Setting("LOG_LEVEL", str, "INFO", "DEBUG, INFO, WARNING or ERROR"),
    Setting("LOG_PII", _flag, "0", "1: attributes with personal data stay in the log"),
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The settings in force. `settings["DOOR_PORT"]` is parsed; `home` is SCHOOLDAY_HOME."""

    home: Path
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def plan_dir(self) -> Path:
        return Path(self["PLAN_DIR"]) if self["PLAN_DIR"] else self.home / "plan"

    @property
    def keys_dir(self) -> Path:
        return self.home / "keys"

    @property
    def run_dir(self) -> Path:
        """Sockets, pids and generated configuration."""
        return self.home / "run"

    @property
    def database_url(self) -> str:
        return self["DATABASE_URL"] or f"sqlite:///{self.home / 'office.sqlite3'}"

    @property
    def doors(self) -> dict[str, str]:
        return self["DOORS"] or {f"d{n}": f"{url}/door/d{n}" for n, url in enumerate(self.site_urls, 1)}

    @property
    def doors_drain(self) -> dict[str, str]:
        ports = (self["DOOR_PORT"], self["DOOR_B_PORT"])[: len(self.site_urls)]
        return self["DOORS_DRAIN"] or {f"d{n}": f"http://127.0.0.1:{port}" for n, port in enumerate(ports, 1)}

    @property
    def site_urls(self) -> tuple[str, ...]:
        """Where people reach each site of the embedded default; both at one address when only that one was set."""
        return (self["PUBLIC_URL"], self["PUBLIC_URL_B"])[: self["SITES"]]

    def site_of(self, name: str) -> str:
        """Return the site of a door or live server: as SITE_OF says, else in the embedded default by its number."""
        if self["SITE_OF"] or self["DOORS"] or self["LIVE_NODES"]:
            return str(self["SITE_OF"].get(name, ""))
        return {"1": "a", "2": "b"}.get(name[1:], "")

    @property
    def plan_hosts(self) -> tuple[str, ...]:
        return tuple(self["PLAN_HOSTS"].split()) or tuple(dict.fromkeys(f"{url}/plan" for url in self.site_urls))

    @property
    def plan_sources(self) -> tuple[str, ...]:
        return tuple(self["PLAN_SOURCES"].split())

    @property
    def live_nodes(self) -> dict[str, str]:
        found = {f"n{n}": f"{url.replace('http', 'ws', 1)}/live/n{n}" for n, url in enumerate(self.site_urls, 1)}
        return self["LIVE_NODES"] or found

    @property
    def picture_pin_grades(self) -> tuple[str, ...]:
        return tuple(self["PICTURE_PIN_GRADES"].split())

    @property
    def root_public_key(self) -> str:
        """
        Return the public root key, base64.

        :raises BadSettings: if there is none yet
        """
        if self["ROOT_PUBLIC_KEY"]:
            return str(self["ROOT_PUBLIC_KEY"])
        path = self.keys_dir / "root.public"
        if not path.exists():
            raise BadSettings(f"ROOT_PUBLIC_KEY is not set and {path} is missing: run 'schoolday keys' first.")
        return path.read_text().strip()


def home_of(environ: Mapping[str, str] = os.environ) -> Path:
    """Return SCHOOLDAY_HOME, absolute."""
    return Path(environ.get("SCHOOLDAY_HOME") or ".schoolday").absolute()


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """
    Return the settings in force; makes missing secrets in the embedded mode.

    :raises BadSettings: naming the setting, what is wrong with it, and what to say instead
    """
    home = home_of(environ)
    kept = _read_env_file(home / "settings.env")
    values: dict[str, Any] = {}
    made: dict[str, str] = {}
    for setting in SETTINGS:
        text = environ.get(setting.name) or kept.get(setting.name) or setting.default
        if setting.secret and not text:
            if values["MODE"] == "district":
                raise BadSettings(f"{setting.name} is not set: {setting.help}. In district mode none is made up.")
            text = made[setting.name] = secrets.token_hex(32)
        try:
            values[setting.name] = setting.kind(text)
        except ValueError as error:
            shown = "its value" if setting.secret or setting.kind is _user_password else repr(text)
            raise BadSettings(f"{setting.name}: {shown} will not do: {error} ({setting.help}).") from error
    _set_public_urls(values)
    if made:
        keep(home, made)
        return load(environ)  # another process may have been first; what the file says counts
    return Settings(home, values)


def _set_public_urls(values: dict[str, Any]) -> None:
    if values["SITES"] not in (1, 2):
        raise BadSettings(f"SITES: {values['SITES']} will not do: say 1 or 2.")
    own = values["PUBLIC_URL"].rstrip("/")
    values["PUBLIC_URL"] = own or f"http://localhost:{values['EDGE_PORT']}"
    second = values["PUBLIC_URL_B"].rstrip("/") or own
    values["PUBLIC_URL_B"] = second or f"http://localhost:{values['EDGE_B_PORT']}"


def keep(home: Path, values: Mapping[str, str]) -> None:
    """Write these settings to `settings.env` (mode 600), keeping those that stand there already."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "settings.env"
    fresh = {**values, **_read_env_file(path)}
    partial = path.with_suffix(f".{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in sorted(fresh.items()))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)
