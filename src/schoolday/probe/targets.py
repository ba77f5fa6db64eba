"""What this probe looks at, from its settings."""

from functools import partial
from urllib.parse import urlsplit

import httpx

from schoolday.lib.errors import BadSettings
from schoolday.probe import asks
from schoolday.probe.look import Look
from schoolday.probe.plan_look import PlanLook
from schoolday.probe.rates import Rates
from schoolday.settings_spec import Settings

INSIDE = "inside"
FLOOD_PART = "flood"
_APP_MARK = "<html"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Targets:
    """All looks of one round. Parts have names of ours, never addresses: sites are a, b, in the order of settings."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        """
        :raises BadSettings: if an address is none, or the root key is missing
        """
        self._settings, self._http = settings, http
        self.vantage = str(settings["PROBE_VANTAGE"])
        self.is_inside = self.vantage == INSIDE
        self._plan = PlanLook(root_public=settings.root_public_key, district=settings["DISTRICT"])
        self._rates = Rates(flood_per_second=settings["PROBE_FLOOD_PER_SECOND"])
        self.looks: tuple[Look, ...] = (
            *self._line(),
            *self._names(),
            *self._edges(),
            *self._doors(),
            *self._sign_on(),
            *self._live(),
            *self._mail(),
            *self._plans(),
        )

    def _line(self) -> list[Look]:
        found = []
        for number, address in enumerate(self._settings["PROBE_LINE"].split(), 1):
            if "://" in address:
                found.append(Look("line", str(number), address, partial(asks.any_answer, self._http, address)))
                continue
            host, _, port = address.rpartition(":")
            if not host or not port.isdecimal():
                raise BadSettings(f"PROBE_LINE: {address!r} will not do: say host:port or http(s)://…")
            found.append(Look("line", str(number), address, partial(asks.connect, host, int(port))))
        return found

    def _names(self) -> list[Look]:
        names = dict.fromkeys(self._settings["PROBE_NAMES"].split() or self._own_names())
        return [Look("dns", str(number), name, partial(asks.resolve, name)) for number, name in enumerate(names, 1)]

    def _own_names(self) -> list[str]:
        urls = (*self._settings.site_urls, *self._settings.doors.values(), *self._settings.plan_hosts)
        return [host for url in urls if (host := urlsplit(url).hostname)]

    def _edges(self) -> list[Look]:
        return [
            Look("edge", site, url, partial(asks.page, self._http, f"{url}/", holds=_APP_MARK))
            for site, url in self._sites().items()
        ] + (
            [
                Look(
                    "edge",
                    FLOOD_PART,
                    "",
                    partial(self._rates.ask, self._http, self._settings.doors_drain),
                    is_timed=False,
                )
            ]
            if self.is_inside
            else []
        )

    def _sites(self) -> dict[str, str]:
        return dict(zip(_LETTERS, dict.fromkeys(self._settings.site_urls), strict=False))

    def _doors(self) -> list[Look]:
        doors = self._settings.doors_drain if self.is_inside else self._settings.doors
        return [
            Look("door", name, url, partial(asks.door, self._http, url, door_id=name)) for name, url in doors.items()
        ]

    def _sign_on(self) -> list[Look]:
        url = self._settings["PROBE_OFFICE"].rstrip("/") or f"http://127.0.0.1:{self._settings['OFFICE_PORT']}"
        if not self.is_inside:
            url = self._settings["PUBLIC_URL"]
        found = [Look("sign_on", "office", url, partial(asks.office, self._http, url))]
        if self.is_inside:
            path = self._settings.run_dir / "hasher.sock"
            found += [
                Look("sign_on", "hasher", str(path), partial(asks.hasher, path)),
                Look("database", "database", url, partial(asks.database, self._http, url)),
            ]
        return found

    def _live(self) -> list[Look]:
        nodes = self._settings.live_nodes
        if self.is_inside and not self._settings["LIVE_NODES"]:  # the embedded ones, past the edge
            ports = (self._settings["LIVE_PORT"], self._settings["LIVE_B_PORT"])
            nodes = {name: f"http://127.0.0.1:{port}" for name, port in zip(nodes, ports, strict=False)}
        return [
            Look("live", name, url, partial(asks.page, self._http, f"{_http_of(url)}/")) for name, url in nodes.items()
        ]

    def _mail(self) -> list[Look]:
        host, port, tls = (self._settings[name] for name in ("MAIL_HOST", "MAIL_PORT", "MAIL_TLS"))
        if not host or not self.is_inside:
            return []
        return [Look("mail", "mail", f"{host}:{port}", partial(asks.mail, host, port, tls=tls))]

    def _plans(self) -> list[Look]:
        edges = {f"{url}/plan": site for site, url in self._sites().items()}
        return [
            Look("plan", edges.get(base, f"host {number}"), base, partial(self._plan.ask, self._http, base))
            for number, base in enumerate(self._settings.plan_hosts, 1)
        ]


def _http_of(url: str) -> str:
    return url.rstrip("/").replace("ws", "http", 1) if url.startswith("ws") else url.rstrip("/")
