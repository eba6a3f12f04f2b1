"""What the double holds: objects by account and kind, found again by identifier, field or metadata."""

from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]
LIVE = "~live"
IndexKey = tuple[str, Any]

INDEXED_FIELDS: dict[str, tuple[str, ...]] = {
    "charge": ("customer", "payment_intent"),
    "credit_note": ("customer", "invoice"),
    "customer": ("email",),
    "customer_balance_transaction": ("customer",),
    "dispute": ("charge", "payment_intent"),
    "invoice": ("customer", "status"),
    "invoice_payment": ("invoice",),
    "invoiceitem": ("customer", "invoice"),
    "line_item": ("invoice",),
    "payment_intent": ("customer",),
    "payment_method": ("customer",),
    "price": ("product",),
    "refund": ("charge", "payment_intent"),
    "setup_attempt": ("setup_intent",),
    "setup_intent": ("customer", "payment_method"),
}


def place_of(account: str, livemode: bool) -> str:
    """Return where an account's objects lie: those of live mode are kept apart from those of test mode."""
    return account + LIVE if livemode else account


def account_of(place: str) -> str:
    """Return whose place it is."""
    return place.removesuffix(LIVE)


def is_live(place: str) -> bool:
    """Tell whether a place is of live mode."""
    return place.endswith(LIVE)


class Table:
    """Objects of one kind, in the order they were made."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.objects: dict[str, Object] = {}
        self._fields = INDEXED_FIELDS.get(name, ())
        self._index: dict[IndexKey, dict[str, None]] = {}
        self._keys: dict[str, set[IndexKey]] = {}

    def get(self, identifier: str) -> Object | None:
        """Return an object, or None."""
        return self.objects.get(identifier)

    def save(self, item: Object) -> None:
        """Keep an object, new or changed, and index it."""
        identifier = item["id"]
        self.objects[identifier] = item
        keys = {(field, item.get(field)) for field in self._fields if item.get(field) is not None}
        keys.update((f"metadata.{key}", value.lower()) for key, value in (item.get("metadata") or {}).items())
        before = self._keys.get(identifier, set())
        for key in before - keys:
            self._index[key].pop(identifier, None)
        for key in keys - before:
            self._index.setdefault(key, {})[identifier] = None
        self._keys[identifier] = keys

    def delete(self, identifier: str) -> None:
        """Forget an object."""
        self.objects.pop(identifier, None)
        for key in self._keys.pop(identifier, set()):
            self._index[key].pop(identifier, None)

    def indexed(self, field: str) -> bool:
        """Tell whether `where` is quick for a field."""
        return field in self._fields or field.startswith("metadata.")

    def where(self, field: str, value: Any) -> Iterator[Object]:
        """Yield the objects whose indexed field has a value, oldest first."""
        for identifier in list(self._index.get((field, value), ())):
            yield self.objects[identifier]

    def newest_first(self) -> Iterator[Object]:
        """Yield all objects, newest first."""
        return reversed(self.objects.values())


class Shelf:
    """Everything of one account in one mode: its objects, and what the double knows of them but never shows."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.private: dict[str, Object] = {}

    def table(self, name: str) -> Table:
        """Return the table of a kind."""
        found = self.tables.get(name)
        if found is None:
            found = self.tables[name] = Table(name)
        return found

    def secret(self, identifier: str) -> Object:
        """Return the double's own notes about an object, to read or to change."""
        return self.private.setdefault(identifier, {})


class Store:
    """The shelves of all accounts, one for test mode and one for live mode."""

    def __init__(self) -> None:
        self.shelves: dict[str, Shelf] = {}

    def shelf(self, place: str) -> Shelf:
        """Return the shelf of a place. The account itself is the same in both modes."""
        found = self.shelves.get(place)
        if found is None:
            found = self.shelves[place] = Shelf()
            if is_live(place):
                found.tables["account"] = self.shelf(account_of(place)).table("account")
        return found

    def dump(self) -> Object:
        """Return everything as JSON values."""
        return {
            place: {
                "private": shelf.private,
                "tables": {
                    name: list(table.objects.values())
                    for name, table in shelf.tables.items()
                    if name != "account" or not is_live(place)
                },
            }
            for place, shelf in self.shelves.items()
        }

    def load(self, state: Object) -> None:
        """Replace everything by what `dump` returned."""
        self.shelves = {}
        for place, kept in state.items():
            shelf = self.shelf(place)
            shelf.private = kept["private"]
            for name, items in kept["tables"].items():
                table = shelf.table(name)
                for item in items:
                    table.save(item)
