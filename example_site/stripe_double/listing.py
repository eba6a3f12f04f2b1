"""Lists and searches, page by page."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from example_site.stripe_double.errors import invalid, missing
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

DEFAULT_LIMIT = 10
GREATEST_LIMIT = 100
PAGING = frozenset({"limit", "starting_after", "ending_before", "expand"})
FILTERED_BY = frozenset({"charge", "customer", "invoice", "payment_intent", "price", "product", "setup_intent"})
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
}
CLAUSE = re.compile(
    r"""\s*(?P<negated>-)?(?P<field>[a-z_.]+)(?:\[(?P<quote>["'])(?P<key>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\])?
    (?P<operator>:|~|>=|<=|>|<)(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s]+)\s*""",
    re.VERBOSE,
)


def page_size(parameters: Parameters) -> int:
    """Return the number of objects a page may hold."""
    limit: int = parameters.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= GREATEST_LIMIT:
        bound = "at least 1" if limit < 1 else f"no greater than {GREATEST_LIMIT}"
        raise invalid(f"This value must be {bound}.", param="limit", code="parameter_invalid_integer")
    return limit


def listed(
    scope: Scope,
    name: str,
    parameters: Parameters,
    url: str,
    *,
    items: Iterable[Object] | None = None,
    wanted: Callable[[Object], bool] | None = None,
    oldest_first: bool = False,
) -> Object:
    """Return one page of the objects that fit the parameters, as Stripe's list object, newest first."""
    limit = page_size(parameters)
    filters = {key: value for key, value in parameters.copy().items() if key not in PAGING}
    _check_filters(scope, filters)
    candidates = _candidates(scope, name, filters) if items is None else iter(items)
    if oldest_first and items is None:
        candidates = reversed(list(candidates))
    fitting: Iterator[Object] = (
        item for item in candidates if fits(item, filters) and (wanted is None or wanted(item))
    )
    if "ending_before" in parameters:
        return _page_before(fitting, parameters["ending_before"], limit, url, name)
    if "starting_after" in parameters:
        fitting = _after(fitting, parameters["starting_after"], name)
    page: list[Object] = []
    for item in fitting:
        if len(page) == limit:
            return {"object": "list", "data": page, "has_more": True, "url": url}
        page.append(item)
    return {"object": "list", "data": page, "has_more": False, "url": url}


def _check_filters(scope: Scope, filters: dict[str, Any]) -> None:
    """Refuse a list by an id that there is not. A deleted customer's lists go on."""
    for field in FILTERED_BY & filters.keys():
        identifier = filters[field]
        if not isinstance(identifier, str) or scope.double.switches.unknown_filters:
            continue
        if scope.table(field).get(identifier) is None and not scope.notes(identifier).get("deleted"):
            raise missing(field, identifier, field, 400)


def fits(item: Object, filters: dict[str, Any]) -> bool:
    """Tell whether an object has every value that the filters ask for; a range asks for numbers inside it."""
    for field, wanted in filters.items():
        value = item.get(field)
        if isinstance(wanted, dict):
            if value is None or not all(COMPARISONS[name](value, bound) for name, bound in wanted.items()):
                return False
        elif isinstance(wanted, list):
            if value not in wanted:
                return False
        elif value != wanted:
            return False
    return True


def _candidates(scope: Scope, name: str, filters: dict[str, Any]) -> Iterator[Object]:
    table = scope.table(name)
    for field, value in list(filters.items()):
        if isinstance(value, str) and table.indexed(field):
            return reversed(list(table.where(field, value)))
    return table.newest_first()


def _after(items: Iterator[Object], identifier: str, name: str) -> Iterator[Object]:
    for item in items:
        if item["id"] == identifier:
            return items
    raise invalid(f"No such {name}: '{identifier}'", param="starting_after", code="resource_missing")


def _page_before(items: Iterator[Object], identifier: str, limit: int, url: str, name: str) -> Object:
    before: list[Object] = []
    for item in items:
        if item["id"] == identifier:
            return {"object": "list", "data": before[-limit:], "has_more": len(before) > limit, "url": url}
        before.append(item)
    raise invalid(f"No such {name}: '{identifier}'", param="ending_before", code="resource_missing")


def searched(scope: Scope, name: str, parameters: Parameters, url: str) -> Object:
    """Return one page of what a search query finds. Objects younger than the search delay are not found yet."""
    if not scope.double.switches.search_available:
        raise invalid("Search is not available for your account.")
    limit = page_size(parameters)
    clauses, alternative = parse_query(parameters["query"])
    judge = any if alternative else all
    found = [
        item
        for item in _search_candidates(scope, name, clauses, alternative)
        if judge(clause(item) for clause in clauses) and not scope.double.hidden_from_search(item["id"])
    ]
    start = int(parameters.get("page") or 0)
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": url,
    }


class Clause:
    """One condition of a search query."""

    def __init__(self, field: str, operator: str, value: str | None, negated: bool) -> None:
        self.field, self.operator, self.value, self.negated = field, operator, value, negated

    def __call__(self, item: Object) -> bool:
        """Tell whether an object meets the condition."""
        return self._meets(item) != self.negated

    def _meets(self, item: Object) -> bool:
        if self.field.startswith("metadata."):
            actual: Any = (item.get("metadata") or {}).get(self.field.removeprefix("metadata."))
        else:
            actual = item.get(self.field)
        if self.value is None:
            return actual is not None if self.operator == ":" else False
        if actual is None:
            return False
        if self.operator == "~":
            return self.value.lower() in str(actual).lower()
        if isinstance(actual, bool):
            return str(actual).lower() == self.value.lower()
        if isinstance(actual, int):
            names = {":": None, ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
            comparison = names[self.operator]
            try:
                number = int(self.value)
            except ValueError:
                raise invalid(f"'{self.value}' is not a number.", param="query") from None
            return actual == number if comparison is None else COMPARISONS[comparison](actual, number)
        return str(actual).lower() == self.value.lower()


def parse_query(query: str) -> tuple[list[Clause], bool]:
    """Return the conditions of a query in Stripe's search language, and whether any one of them is enough."""
    clauses: list[Clause] = []
    joins: set[str] = set()
    position = 0
    while position < len(query):
        match = CLAUSE.match(query, position)
        if match is None:
            raise invalid(f"We were unable to parse your search query: {query}", param="query")
        text = match["value"]
        value = re.sub(r"\\(.)", r"\1", text[1:-1]) if text[0] in "\"'" else text
        field = f"metadata.{match['key']}" if match["key"] is not None else match["field"]
        clauses.append(Clause(field, match["operator"], None if text == "null" else value, bool(match["negated"])))
        if text == "null":
            clauses[-1].negated = not clauses[-1].negated
        position = match.end()
        join = re.compile(r"(AND|OR)\s+|(?=\S)").match(query, position)
        if join and position < len(query):
            joins.add(join[1] or "AND")
            position = join.end()
    if not clauses or len(joins) > 1:
        raise invalid("A search query needs at least one condition, and may not mix AND and OR.", param="query")
    return clauses, joins == {"OR"}


def _search_candidates(scope: Scope, name: str, clauses: list[Clause], alternative: bool) -> Iterator[Object]:
    table = scope.table(name)
    if not alternative:
        for clause in clauses:
            exact = clause.operator == ":" and not clause.negated and clause.value is not None
            if exact and clause.field.startswith("metadata."):
                return reversed(list(table.where(clause.field, str(clause.value).lower())))
    return table.newest_first()
