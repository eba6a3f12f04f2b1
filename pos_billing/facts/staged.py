"""Asked changes that wait in a temporary table: a rule is a SELECT and a sentence, for one row or a hundred thousand.

A person's command stages one row and raises what is wrong with it; a file stages all of its rows and reports what is
wrong with each. Both ask the same rules.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from pos_billing.facts.errors import Refused
from pos_billing.wording import day as day_text

BEFORE_CREATION = "{subject} was created on {one}: use that day or a later one."
AFTER_END = "{subject} ended on {one}: use an earlier day."
AFTER_DELETION = "{subject} was deleted on {one}: use an earlier day, or undelete it."
AFTER_REMOVAL = "{subject} was removed on {one}: use an earlier day."


class Problem(NamedTuple):
    """A staged row that is refused: which argument of it, what to do about it, and the code of the rule."""

    row: int
    field: str
    message: str
    code: str


class Rule(NamedTuple):
    """One reason to refuse. ``message`` gets ``subject`` and the values ``one``, ``two``, ``three`` of ``rows``.

    ``rows`` is a SELECT of the row, the subject's name and three values (NULL where the message needs fewer).
    """

    code: str
    field: str
    message: str
    rows: str


def problems_of(staged: str, rules: Iterable[Rule], parameters: Mapping[str, Any] | None = None) -> Iterator[Problem]:
    """Every problem of the rows in the temporary table ``staged``; rows that have one are marked ``refused``."""
    with connection.cursor() as cursor:
        for rule in rules:
            cursor.execute(rule.rows, parameters or {})
            found = cursor.fetchall()
            for row, subject, *values in found:
                one, two, three = map(_written, values)
                message = rule.message.format(subject=subject, one=one, two=two, three=three)
                yield Problem(row, rule.field, message, rule.code)
            if found:
                cursor.execute(f"UPDATE {staged} SET refused = true WHERE row = ANY(%s)", [[one[0] for one in found]])


def _written(value: Any) -> Any:
    """Days as people write them."""
    return day_text(value) if isinstance(value, date) else value


def raise_first(problems: Iterable[Problem], called: Mapping[str, str] | None = None) -> None:
    """Raise the first problem as ``Refused``, if there is one. ``called`` renames fields to a command's arguments."""
    for problem in problems:
        field = (called or {}).get(problem.field, problem.field)
        raise Refused(field, problem.message, code=problem.code)
