"""The HTTP side of the tests' Partner Portal: requests in, faults and answers out."""

import json
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from tests.partner_api.portal_server import PortalServer


class PortalHandler(BaseHTTPRequestHandler):
    server_state: "PortalServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answered("GET")

    def do_POST(self) -> None:
        self._answered("POST")

    def log_message(self, *of: object) -> None:
        """Tests read ``asked`` instead."""

    def _answered(self, method: str) -> None:
        portal, parts = self.server_state, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        authorization = self.headers.get("Authorization", "")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
        portal.note(method, parts.path, query, authorization)
        fault = portal.fault_for(parts.path, query)
        portal.enter_request(1)
        time.sleep(fault.delay_seconds if fault is not None else portal.pause_seconds)
        portal.enter_request(-1)  # before the answer goes out: the client may ask again the moment it has it
        if fault is not None and fault.drops_connection:
            self.close_connection = True
            self.connection.close()
        elif fault is not None:
            self._send(fault.status, fault.body, fault.headers)
        elif parts.path == "/api/authenticate":
            self._send(*self._token(body))
        elif authorization != (f"Bearer {portal.token}" if portal.bearer else portal.token):
            self._send(401, b"")
        else:
            self._send(*portal.answer(parts.path, query))

    def _token(self, body: bytes) -> tuple[int, Any]:
        given = json.loads(body)
        if given == self.server_state.credentials:
            return 200, {"auth_token": self.server_state.token, "expires_at": "2030-01-01T00:00:00Z"}
        return 401, b""

    def _send(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
        content = answer if isinstance(answer, bytes) else answer.encode() if isinstance(answer, str) else None
        if content is None:
            content = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client did not wait for us: a time-out under test
