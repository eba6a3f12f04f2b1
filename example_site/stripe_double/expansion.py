"""`expand[]`: identifiers replaced by the objects they name, and fields that are only sent when asked for."""

from collections.abc import Callable
from typing import Any

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object

DEEPEST = 4

REFERRED = {
    "application": "application",
    "balance_transaction": "balance_transaction",
    "charge": "charge",
    "customer": "customer",
    "default_payment_method": "payment_method",
    "default_price": "price",
    "invoice": "invoice",
    "latest_attempt": "setup_attempt",
    "latest_charge": "charge",
    "mandate": "mandate",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "price": "price",
    "product": "product",
    "refund": "refund",
    "customer_balance_transaction": "customer_balance_transaction",
    "failure_balance_transaction": "balance_transaction",
}
SOURCES = {"ch": "charge", "re": "refund", "du": "dispute"}

Maker = Callable[[Scope, Object], Any]
ON_DEMAND: dict[tuple[str, str], Maker] = {}


def on_demand(name: str, field: str) -> Callable[[Maker], Maker]:
    """Register how a field is made that Stripe sends only when `expand` names it."""

    def register(maker: Maker) -> Maker:
        ON_DEMAND[name, field] = maker
        return maker

    return register


def expanded(scope: Scope, answer: Object, paths: list[str]) -> Object:
    """Return a copy of an answer with the paths expanded; the objects that are kept stay as they are."""
    for path in paths:
        answer = _expand(scope, answer, path.split("."), path)
    return answer


def check_depth(paths: list[str]) -> None:
    """Refuse paths that go too deep, before anything is done."""
    for path in paths:
        if path.count(".") >= DEEPEST:
            raise refused(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}", param="expand"
            )


def _expand(scope: Scope, value: Any, parts: list[str], path: str) -> Any:
    if not parts:
        return value
    if isinstance(value, list):
        return [_expand(scope, item, parts, path) for item in value]
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _cannot(path)
    if value.get("deleted"):  # only id, object and deleted are left of it (API reference, "Retrieve a customer")
        return value
    field, rest = parts[0], parts[1:]
    name = value.get("object", "")
    if (name, field) in ON_DEMAND and field not in value:
        inner = ON_DEMAND[name, field](scope, value)
    elif field not in value:
        if scope.double.specification.is_object(name) and field in scope.double.specification.expandable(name):
            return value
        raise _cannot(path)
    else:
        inner = value[field]
        if isinstance(inner, str):
            inner = _referred(scope, field, inner, path)
        elif isinstance(inner, list) and rest == [] and all(isinstance(item, str) for item in inner):
            inner = [_referred(scope, field, item, path) for item in inner]
    return {**value, field: _expand(scope, inner, rest, path)}


def _referred(scope: Scope, field: str, identifier: str, path: str) -> Object:
    name = SOURCES.get(identifier.partition("_")[0]) if field == "source" else REFERRED.get(field)
    if name is None:
        raise _cannot(path)
    found = scope.table(name).get(identifier)
    if found is None:
        return {"id": identifier, "object": name, "deleted": True}
    return found


def _cannot(path: str) -> Exception:
    return invalid(
        f"This property cannot be expanded ({path}). You may want to try expanding the parent object, or check the "
        "API reference for which properties can be expanded.",
        param="expand",
    )
