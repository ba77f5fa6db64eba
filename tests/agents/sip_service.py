"""
LiveKit's SIP service as far as its contract goes: requests are read by livekit-api's own protobuf types.

Refuses what livekit-server v1.13.5 refuses (pkg/service/sip.go, redisstore_sip.go; protocol sip.go): another's token,
no SIP admin grant, a rule without a place, two rules of one PIN on one trunk.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from livekit import api
from livekit.protocol import sip

_METHODS: dict[str, Any] = {
    "ListSIPInboundTrunk": sip.ListSIPInboundTrunkRequest,
    "CreateSIPInboundTrunk": sip.CreateSIPInboundTrunkRequest,
    "ListSIPDispatchRule": sip.ListSIPDispatchRuleRequest,
    "CreateSIPDispatchRule": sip.CreateSIPDispatchRuleRequest,
    "DeleteSIPDispatchRule": sip.DeleteSIPDispatchRuleRequest,
}


class SipService:
    def __init__(self, *, key: str, secret: str) -> None:
        self.trunks: dict[str, Any] = {}
        self.rules: dict[str, Any] = {}
        self.asked: list[str] = []
        self._verifier = api.TokenVerifier(key, secret)
        self._made = 0
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = service.answer(self.path, self.headers.get("Authorization", ""), body)
                self.send_response(status)
                self.send_header("Content-Type", "application/protobuf" if status == 200 else "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                return None

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, path: str, authorization: str, body: bytes) -> tuple[int, bytes]:
        prefix, _, method = path.rpartition("/")
        if prefix != "/twirp/livekit.SIP" or method not in _METHODS:
            return 404, b'{"code":"bad_route","msg":"no such method"}'
        claims = self._verifier.verify(authorization.removeprefix("Bearer "))
        if claims.sip is None or not claims.sip.admin:
            return 401, b'{"code":"unauthenticated","msg":"no SIP admin"}'
        self.asked.append(method)
        return getattr(self, f"_{method}")(_METHODS[method].FromString(body))  # type: ignore[no-any-return]  # by name

    def _ListSIPInboundTrunk(self, request: Any) -> tuple[int, bytes]:
        return 200, sip.ListSIPInboundTrunkResponse(items=list(self.trunks.values())).SerializeToString()

    def _CreateSIPInboundTrunk(self, request: Any) -> tuple[int, bytes]:
        assert request.trunk.numbers, "an inbound trunk of no number takes every call"
        request.trunk.sip_trunk_id = f"ST_{len(self.trunks)}"
        self.trunks[request.trunk.sip_trunk_id] = request.trunk
        return 200, request.trunk.SerializeToString()

    def _ListSIPDispatchRule(self, request: Any) -> tuple[int, bytes]:
        return 200, sip.ListSIPDispatchRuleResponse(items=list(self.rules.values())).SerializeToString()

    def _CreateSIPDispatchRule(self, request: Any) -> tuple[int, bytes]:
        rule = request.dispatch_rule
        direct = rule.rule.dispatch_rule_direct
        assert rule.rule.WhichOneof("rule") == "dispatch_rule_direct"
        if not direct.room_name:
            return 400, b'{"code":"invalid_argument","msg":"no room"}'
        if any(one.rule.dispatch_rule_direct.pin == direct.pin for one in self.rules.values()):
            return 409, b'{"code":"already_exists","msg":"conflicting SIP dispatch rules"}'
        self._made += 1
        rule.sip_dispatch_rule_id = f"SDR_{self._made}"
        self.rules[rule.sip_dispatch_rule_id] = rule
        return 200, rule.SerializeToString()

    def _DeleteSIPDispatchRule(self, request: Any) -> tuple[int, bytes]:
        return 200, self.rules.pop(request.sip_dispatch_rule_id).SerializeToString()
