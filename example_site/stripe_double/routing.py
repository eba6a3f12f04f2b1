"""Which function answers which endpoint."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from example_site.stripe_double.specification import Operation, Specification
from example_site.stripe_double.store import Object

Handler = Callable[..., Object]

RESOURCES = (
    "account_links",
    "accounts",
    "balance",
    "charges",
    "credit_notes",
    "customers",
    "disputes",
    "events",
    "invoice_items",
    "invoice_lines",
    "invoice_payments",
    "invoices",
    "invoices_closing",
    "payment_intents",
    "payment_methods",
    "prices",
    "products",
    "refunds",
    "setup_intents",
    "webhook_endpoints",
)


@dataclass(frozen=True)
class Registered:
    """A handler and how it wants to be called."""

    handler: Handler
    publishable: bool


HANDLERS: dict[tuple[str, str], Registered] = {}


def endpoint(method: str, template: str, *, publishable: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that answers an endpoint; `publishable` lets a browser's key call it."""

    def register(handler: Handler) -> Handler:
        HANDLERS[method, template] = Registered(handler, publishable)
        return handler

    return register


@dataclass
class Route:
    """An endpoint that the double answers."""

    operation: Operation
    handler: Handler
    publishable: bool


class Router:
    """Finds the route of a request by its path, one part at a time."""

    def __init__(self, specification: Specification) -> None:
        for name in RESOURCES:
            importlib.import_module(f"example_site.stripe_double.resources.{name}")
        self.specification = specification
        self._tree: dict[str, Any] = {}
        for (method, template), registered in HANDLERS.items():
            operation = specification.operation(method, template)
            self._insert(template, method, Route(operation, registered.handler, registered.publishable))
        self._described: dict[str, Any] = {}
        for template, methods in specification.description["paths"].items():
            self._insert(template, "", frozenset(name.upper() for name in methods), tree=self._described)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route and the values inside the path."""
        values: list[str] = []
        node = self._walk(self._tree, path.strip("/").split("/"), values)
        route = node.get(method) if node else None
        if route is None:
            return None
        return route, dict(zip(route.operation.path_parameters, values, strict=True))

    def described(self, method: str, path: str) -> bool:
        """Tell whether Stripe has an endpoint that the double does not answer."""
        node = self._walk(self._described, path.strip("/").split("/"), [])
        return node is not None and method in node.get("", ())

    def _insert(self, template: str, key: str, leaf: Any, tree: dict[str, Any] | None = None) -> None:
        node = self._tree if tree is None else tree
        for part in template.strip("/").split("/"):
            node = node.setdefault("/*" if part.startswith("{") else f"/{part}", {})
        node[key] = leaf

    def _walk(self, node: dict[str, Any], parts: list[str], values: list[str]) -> dict[str, Any] | None:
        if not parts:
            return node
        fixed = node.get(f"/{parts[0]}")
        if fixed is not None:
            found = self._walk(fixed, parts[1:], values)
            if found is not None:
                return found
        free = node.get("/*")
        if free is None or not parts[0]:
            return None
        values.append(parts[0])
        found = self._walk(free, parts[1:], values)
        if found is None:
            values.pop()
        return found
