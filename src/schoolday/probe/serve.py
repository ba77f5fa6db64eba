"""`GET /probes`: the last report over HTTP, for the probe inside that merges it."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from schoolday.lib.errors import BadSettings

PATH = "/probes"
_SECONDS = 10


class ReportServer:
    """Serves one text. Reads nothing but the first lines of a request, and writes nothing of anybody."""

    def __init__(self, *, host: str, port: int) -> None:
        """
        :raises BadSettings: if the port is taken
        """
        self.report = b""
        server = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _SECONDS

            def do_GET(self) -> None:
                found = self.path == PATH and server.report
                self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", "application/json")
                self.send_header("Cache-Control", "no-store")
                self.send_header("Access-Control-Allow-Origin", "*")
                body = server.report if found else b"{}"
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                return None

        try:
            self._http = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise BadSettings(f"PROBE_PORT: {host}:{port} cannot be used: {error.strerror}.") from error
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, name="report", daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
