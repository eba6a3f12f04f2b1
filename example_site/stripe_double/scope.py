"""One account's view of the double, for the time of one request: what every endpoint works through."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from example_site.stripe_double.core import Core
from example_site.stripe_double.errors import SpecificationViolation, invalid, missing
from example_site.stripe_double.specification import API_VERSION
from example_site.stripe_double.store import Object, Shelf, Table, account_of, is_live, place_of
from example_site.stripe_double.versions import rendered

# Parameters whose meaning the double has no use for, or gives by itself.
HARMLESS = frozenset(
    {
        "client_secret",
        "email_type",
        "mandate_data",
        "off_session",
        "payment_method_options",
        "radar_options",
        "return_url",
        "use_stripe_sdk",
    }
)

# Fields that Stripe sends only when `expand` names them.
ON_DEMAND_FIELDS = {
    "charge": ("refunds",),
    "customer": ("sources", "subscriptions", "tax_ids"),
    "invoice": ("confirmation_secret", "payments"),
}

LONGEST_METADATA_KEY = 40
LONGEST_METADATA_VALUE = 500
MOST_METADATA = 50


class Parameters(dict[str, Any]):
    """What a caller sent. It notes what was looked at: a parameter that nobody reads must not pass unnoticed."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter, and note that it was asked for."""
        self.read.add(name)
        return super().get(name, default)

    def copy(self) -> "Parameters":
        """Return all parameters, and note that all are in use."""
        self.read.update(self)
        return Parameters(self)

    def disregard(self, *names: str) -> None:
        """Say that parameters mean nothing to the double."""
        self.read.update(names)

    def unread(self) -> list[str]:
        """Return the parameters that nobody looked at."""
        return sorted(set(self) - self.read - HARMLESS)


@dataclass(frozen=True)
class Request:
    """What events say of the request that caused them."""

    identifier: str | None = None
    idempotency_key: str | None = None


class Scope:
    """Finds, makes, keeps and announces the objects of one account."""

    def __init__(self, core: Core, place: str, request: Request | None = None, *, publishable: bool = False):
        self.double = core
        self.place, self.account, self.livemode = place, account_of(place), is_live(place)
        self.request = request or Request()
        self.publishable = publishable
        self.shelf: Shelf = core.store.shelf(place)

    def of_account(self, account: str) -> "Scope":
        """Return another account's view, in the same mode."""
        return Scope(self.double, place_of(account, self.livemode), self.request)

    @property
    def now(self) -> int:
        """The present second of the double's clock."""
        return self.double.clock.now()

    def table(self, name: str) -> Table:
        """Return all objects of a kind."""
        return self.shelf.table(name)

    def find(self, name: str, identifier: str, param: str = "id", *, status: int = 404) -> Object:
        """Return an object, or raise Stripe's "No such …" error."""
        found = self.table(name).get(identifier)
        if found is None:
            raise missing(name, identifier, param, status)
        return found

    def referred(self, name: str, parameters: Parameters, param: str) -> Object | None:
        """Return the object that a parameter names, or None when the parameter is absent or empty."""
        identifier = parameters.get(param)
        return self.find(name, identifier, param, status=400) if identifier else None

    def where(self, name: str, field: str, value: Any) -> Iterator[Object]:
        """Yield the objects of a kind whose field has a value, oldest first."""
        return self.table(name).where(field, value)

    def new(self, name: str, /, **fields: Any) -> Object:
        """Return a complete new object: every nullable field of Stripe's description is there. Not kept yet."""
        item: Object = self.double.specification.blank(name)
        for field in ON_DEMAND_FIELDS.get(name, ()):
            item.pop(field, None)
        properties = self.double.specification.schemas[name]["properties"]
        item["id"] = self.double.identifiers.new(name)
        item["object"] = name
        if "created" in properties:
            item["created"] = self.now
        if "livemode" in properties:
            item["livemode"] = self.livemode
        item.update(fields)
        return item

    def save(self, item: Object) -> Object:
        """Keep an object, new or changed."""
        self.table(item["object"]).save(item)
        return item

    def delete(self, item: Object) -> Object:
        """Forget an object; return what Stripe answers about it."""
        self.table(item["object"]).delete(item["id"])
        return {"id": item["id"], "object": item["object"], "deleted": True}

    def notes(self, identifier: str) -> Object:
        """Return what the double knows of an object and never shows."""
        return self.shelf.secret(identifier)

    def emit(self, event_type: str, item: Object, previous: Object | None = None) -> Object:
        """Announce a change: record an event and hand it to the webhooks. Object and event are judged first.

        The event's data are rendered in the version of the account, and never change (API reference, Event).
        """
        self.check(item["object"], item)
        data: Object = {"object": orjson.loads(orjson.dumps(item))}
        if previous is not None:
            data["previous_attributes"] = orjson.loads(orjson.dumps(previous))
        event = self.new(
            "event",
            type=event_type,
            api_version=API_VERSION,
            data=data,
            request={"id": self.request.identifier, "idempotency_key": self.request.idempotency_key},
            pending_webhooks=0,
        )
        if self.double.accounts.platform_of(self.account) is not None:
            event["account"] = self.account
        found = self.double.judge("event", event)
        if found:
            raise SpecificationViolation(f"event {event_type}: {'; '.join(found)}")
        version = self.double.switches.account_api_version
        if version != API_VERSION:
            self.notes(event["id"])["data"] = data
            event.update(api_version=version, data=rendered(data, version, self.payments_of(item)))
        self.save(event)
        self.double.made_at.setdefault(item["id"], time.monotonic())
        self.double.tell(self.place, event)
        return event

    def payments_of(self, item: Object) -> Object:
        """Return which PaymentIntent and charge paid an invoice: older versions named them on the invoice itself."""
        for payment in self.where("invoice_payment", "invoice", item["id"]):
            intent = self.table("payment_intent").get(payment["payment"].get("payment_intent", ""))
            if intent is not None:
                return {"payment_intent": intent["id"], "charge": intent["latest_charge"]}
        return {"payment_intent": None, "charge": None}

    def change(self, item: Object, **fields: Any) -> Object:
        """Set fields and keep the object; return the former values of those that did change."""
        previous = {name: item.get(name) for name, value in fields.items() if item.get(name) != value}
        item.update(fields)
        self.save(item)
        return previous

    def update(self, item: Object, event_type: str | None = None, **fields: Any) -> Object:
        """Set fields, keep the object, and announce what changed, when anything did."""
        previous = self.change(item, **fields)
        if previous and event_type:
            self.emit(event_type, item, previous)
        return item

    def check(self, name: str, item: Object) -> None:
        """Raise unless an object is as Stripe describes it."""
        found = self.double.judge(name, item)
        if found:
            raise SpecificationViolation(f"{name} {item.get('id')}: {'; '.join(found)}")


def merged_metadata(current: dict[str, str] | None, change: Any) -> dict[str, str]:
    """Return metadata after an update: given keys are set, empty ones removed, an empty string removes all."""
    if change is None:
        return dict(current or {})
    if change == "":
        return {}
    merged = dict(current or {})
    for key, value in change.items():
        if len(key) > LONGEST_METADATA_KEY:
            raise invalid(f"Metadata keys can be at most {LONGEST_METADATA_KEY} characters.", param=f"metadata[{key}]")
        if len(value) > LONGEST_METADATA_VALUE:
            raise invalid(
                f"Metadata values can have up to {LONGEST_METADATA_VALUE} characters, but you passed in a "
                f"value that is {len(value)} characters.",
                param=f"metadata[{key}]",
            )
        if value == "":
            merged.pop(key, None)
        else:
            merged[key] = value
    if len(merged) > MOST_METADATA:
        raise invalid(f"You can have at most {MOST_METADATA} metadata keys.", param="metadata")
    return merged


def given(parameters: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return the named parameters that were sent, with an empty string made null."""
    return {name: (None if parameters[name] == "" else parameters[name]) for name in names if name in parameters}
