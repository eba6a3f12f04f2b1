"""A small Partner Portal over real HTTP: answers in every shape the real one was seen to use, errors included.

State is plain Python that tests change between syncs. ``faults`` are answered first, in order, to requests they match.
"""

import re
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self
from uuid import UUID, uuid4

from tests.partner_api.portal_http import PortalHandler

TOKEN = "token-that-must-stay-secret"
EMAIL = "billing@example.com"
PASSWORD = "password-that-must-stay-secret"
SECRET = "sk_live_integration_that_must_stay_secret"


@dataclass
class Fault:
    """What goes wrong with requests whose path matches ``path``, ``times`` times (``None``: always)."""

    path: str
    status: int = 500
    body: bytes | str | dict[str, Any] | list[Any] = b""
    times: int | None = 1
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    drops_connection: bool = False
    page: str | None = None


@dataclass
class PortalInstance:
    """An Instance as the Portal knows it."""

    name: str
    endpoint_id: int | None
    partner_id: int | None
    domains: list[dict[str, Any]] = field(default_factory=list)
    listed: list[tuple[str, str]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    authorization: str


class PortalServer:
    """Runs the Portal on a free port of this machine while it is entered."""

    def __init__(self) -> None:
        self.partners: dict[int, dict[str, Any]] = {}
        self.endpoints: dict[int, dict[str, Any]] = {}
        self.instances: dict[UUID, PortalInstance] = {}
        self.listed_only: list[Any] = []
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.token, self.bearer = TOKEN, True
        self.credentials = {"email": EMAIL, "password": PASSWORD}
        self.shapes = {
            "partners": "data",
            "endpoints": "data",
            "instances": "data",
            "instance": "data",
            "configuration": "data",
            "domains": "bare",
            "partner": "bare",
        }
        self.page_cap = 100
        self.paging = "by page"
        self.hidden: set[UUID] = set()
        self.at_once = self.most_at_once = 0
        self.pause_seconds = 0.0
        self._lock = Lock()

    def __enter__(self) -> Self:
        portal = self

        class Handler(PortalHandler):
            server_state = portal

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        return self

    def __exit__(self, *of: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    # --- state, as tests put it --------------------------------------------------------------------------------------

    def add_partner(self, key: int, name: str, plan_types: list[dict[str, Any]] | None = None) -> None:
        """A Partner, with its plan types."""
        self.partners[key] = {"name": name, "instance_billing_plan_types": plan_types or []}

    def add_endpoint(self, key: int, name: str, region: str = "") -> None:
        """An endpoint."""
        self.endpoints[key] = {"name": name, "url": f"https://{name}.example.com", "region": region}

    def add_instance(
        self,
        name: str,
        *,
        partner: int | None = 1,
        endpoint: int | None = 1,
        uuid: UUID | None = None,
        domains: dict[str, str | None] | None = None,
        listed: list[tuple[str, str]] | None = None,
    ) -> UUID:
        """An Instance with ``domains``, host name to ``created_at``; ``listed`` are names and statuses of version 2."""
        uuid = uuid or uuid4()
        self.instances[uuid] = PortalInstance(name, endpoint, partner, listed=listed or [])
        for host, created_at in (domains or {}).items():
            self.add_domain(uuid, host, created_at)
        return uuid

    def add_domain(self, uuid: UUID, host: str, created_at: str | None) -> None:
        """A domain of an Instance."""
        self.instances[uuid].domains.append(
            {
                "name": host,
                "created_at": created_at,
                "redirect_to": None,
                "redirect_code": None,
                "use_as_default": False,
            }
        )

    def remove_domain(self, uuid: UUID, host: str) -> None:
        """Take a domain off an Instance."""
        instance = self.instances[uuid]
        instance.domains = [domain for domain in instance.domains if domain["name"] != host]

    def note(self, method: str, path: str, query: dict[str, str], authorization: str) -> None:
        """Keep what was asked."""
        self.asked.append(Asked(method, path, query, authorization))

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    # --- answers -----------------------------------------------------------------------------------------------------

    def fault_for(self, path: str, query: dict[str, str]) -> Fault | None:
        """The fault this request meets, used up by it."""
        with self._lock:
            for fault in self.faults:
                right_page = fault.page is None or query.get("page") == fault.page
                if right_page and re.fullmatch(fault.path, path) and fault.times != 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """Status and answer to an authorised GET."""
        if path == "/api/partners":
            return 200, self._list("partners", [{"id": key, "name": one["name"]} for key, one in self.partners.items()])
        if path == "/api/endpoints":
            named = self.shapes["endpoints"] == "named"
            return 200, self._list(
                "endpoints",
                [
                    {"id": key, **one} if named else {"id": key, "name": one["name"]}
                    for key, one in self.endpoints.items()
                ],
            )
        if path == "/api/instances":
            return 200, self._instances(query)
        if path == "/api/domains" and query.get("version") == "2":
            return self._domains(query.get("instance_uuid", ""))
        if match := re.fullmatch(r"/api/partners/(\w+)", path):
            partner = self.partners.get(int(match[1]))
            if partner is not None:
                return 200, self._thing("partner", {"id": int(match[1]), "email": "x@example.com", **partner})
        if match := re.fullmatch(r"/api/instances/([0-9a-f-]{36})(/configuration)?", path):
            instance = self.instances.get(UUID(match[1]))
            if instance is not None and match[2]:
                return 200, self._thing("configuration", self._configuration(instance))
            if instance is not None:
                return 200, self._thing("instance", self._instance(UUID(match[1]), instance))
        return 404, {"errors": ["Not found"]}

    def _instances(self, query: dict[str, str]) -> Any:
        listed = [{"name": one.name, "uuid": str(key)} for key, one in self.instances.items() if key not in self.hidden]
        items = [*self.listed_only, *listed]
        size = min(int(query.get("per_page", 20)), self.page_cap)
        page = 1 if self.paging == "ignored" else int(query.get("page", 1))
        shown = items if self.paging == "ignored" else items[(page - 1) * size : page * size]
        answer = self._list("instances", shown)
        if self.paging == "total pages":
            answer["total_pages"] = -(-len(items) // size)
        return answer

    def _instance(self, uuid: UUID, instance: PortalInstance) -> dict[str, Any]:
        endpoint, partner = self.endpoints.get(instance.endpoint_id or 0), self.partners.get(instance.partner_id or 0)
        return {
            "name": instance.name,
            "uuid": str(uuid),
            "endpoint": endpoint and {"id": instance.endpoint_id, "name": endpoint["name"]},
            "partner": partner and {"id": instance.partner_id, "name": partner["name"]},
            **instance.more,
        }

    def _configuration(self, instance: PortalInstance) -> dict[str, Any]:
        return {
            "domains": instance.domains,
            "attributes": {"plan": "x", "admin_password": SECRET},
            "integrations": {"stripe": {"secret_key": SECRET}, "twilio": {"token": SECRET}},
        }

    def _domains(self, uuid: str) -> tuple[int, Any]:
        instance = self.instances.get(UUID(uuid))
        if instance is None:
            return 404, {"errors": ["Not found"]}
        return 200, self._list(
            "domains",
            [
                {
                    "status": status,
                    "attributes": {
                        "domain_name": host,
                        "instance_uuid": uuid,
                        "data_center": "sydney",
                        "setup_type": "cname",
                        "config": {"_domains": [{"name": f"www.{host}", "redirect_to": None, "use_as_default": True}]},
                    },
                }
                for host, status in instance.listed
            ],
        )

    def _list(self, name: str, items: list[Any]) -> Any:
        return {"data": {"data": items}, "named": {name: items}, "bare": items}[self.shapes[name]]

    def _thing(self, name: str, item: dict[str, Any]) -> Any:
        return {"data": {"data": item}, "named": {name: item}, "bare": item}[self.shapes[name]]

    def enter_request(self, by: int) -> None:
        """Count requests under way, for tests of how many are made at once."""
        with self._lock:
            self.at_once += by
            self.most_at_once = max(self.most_at_once, self.at_once)
