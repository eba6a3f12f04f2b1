"""One row of a register file checked by itself: its columns, their values, and what they say together."""

from collections.abc import Iterator
from typing import Any

from pos_billing.facts.errors import Refused
from pos_billing.plans.pricing import flat_terms, metered_terms
from pos_billing.register.file_rows import Given
from pos_billing.register.format import COLUMNS, KINDS
from pos_billing.register.report import Problem

ORDERED = (("from", "until"), ("created_on", "deleted_on"), ("created_on", "removed_on"), ("added_on", "removed_on"))
PRICED = {"metric", "cents", "included", "tiers"}


def checked(given: Given, problems: list[Problem]) -> tuple[dict[str, Any], bool]:
    """The values of a row, ready for JSON, and whether the row is good; what is wrong is added to ``problems``."""
    before = len(problems)
    values: dict[str, Any] = {}
    for field, message in _faults(given, values):
        problems.append(Problem(given.kind or "unknown", given.number, field, message))
    return values, len(problems) == before


def _faults(given: Given, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind = KINDS.get(given.kind)
    if "" in given.cells:
        yield "", f"{given.cells['']}" if not kind else "has a cell without a column."
        return
    if kind is None:
        yield "record", f"{given.kind!r} is not one of {', '.join(KINDS)}."
        return
    for name, cell in given.cells.items():
        column = kind.columns.get(name)
        if column is None:
            known = f"A {given.kind} has {', '.join(kind.columns)}."
            yield name, f"{'belongs to other records' if name in COLUMNS else 'is not a column'}. {known}"
            continue
        try:
            values[name] = column.read(cell)
        except Refused as refused:
            yield name, refused.text
    for name, column in kind.columns.items():
        if column.needed and name not in given.cells:
            yield name, f"is missing: {column.meaning}."
    for first, last in ORDERED:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            yield last, f"is before {first} ({values[first]})."
    if values.get("from") and values.get("from") == values.get("until"):
        yield "until", f"is the day it begins ({values['from']}): it would hold on no day."
    unread = set(given.cells) - set(values)
    if given.kind == "price" and unread.isdisjoint(PRICED):  # what cannot be read was told, and is not missing
        yield from _price_faults(values)


def _price_faults(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Make ``cents``, ``included`` and ``tiers`` what a price keeps, for a flat or a metered fee."""
    try:
        if values.get("metric"):
            if "cents" in values:
                yield "cents", "A metered fee has tiers, and no cents a month."
            terms = metered_terms(values.get("included", 0), values.get("tiers") or ())
        else:
            if "tiers" in values or "included" in values:
                yield "tiers", "A flat fee has cents a month, and neither tiers nor an included quantity."
            if "cents" not in values:
                yield "cents", "is missing: a flat fee's price for a month, in cents."
            terms = flat_terms(values.get("cents", 0))
    except Refused as refused:
        yield refused.field, refused.text
    else:
        values |= {"cents": terms.cents, "included": terms.included, "tiers": list(terms.tiers)}
        values.setdefault("metric", "")
