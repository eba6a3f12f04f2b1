"""What the statement pages show, the same for every audience; the frame around it is theirs."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from pos_billing.collection.money.queries import standings, with_standing
from pos_billing.collection.money.state import state_of
from pos_billing.facts import clock
from pos_billing.statements.explanation import sentences
from pos_billing.web.shared.breakdown import PARTS, SubjectLines, lines_by_part, months_by_part, opened, subjects
from pos_billing.web.shared.listing import Listing
from pos_billing.web.statement.access import StatementAccess
from pos_billing.web.statement.lists import StatementFilter, StatementTable

SUBJECTS_PER_PAGE = 25


def list_context(request: HttpRequest, access: StatementAccess) -> dict[str, Any]:
    """The list of the desk's statements; three queries, however many there are."""
    with access.open() as statements:
        rows, now = with_standing(statements), clock.seller_day()
        listing = Listing(
            request, rows, StatementTable, StatementFilter, filter_options={"today": now}, access=access, today=now
        )
    return {"listing": listing, "desk": access}


def statement_context(request: HttpRequest, access: StatementAccess, statement: int) -> dict[str, Any]:
    """One statement with one page of its Instances, their lines and explanations; seven queries.

    ``part`` and ``q`` of the query string choose lines of a part, and Instances by name.
    """
    part = request.GET.get("part", "")
    search = request.GET.get("q", "").strip()
    with access.take(statement) as found:
        lines = lines_by_part(found)
        months = months_by_part(found)
        chosen = lines.filter(part=part) if part in PARTS else lines
        if search:
            chosen = chosen.filter(subject_name__icontains=search)
        page = Paginator(subjects(chosen), SUBJECTS_PER_PAGE).get_page(request.GET.get("page"))
        groups = [_explained(group, found.currency) for group in opened(chosen, page.object_list)]
        standing = standings([found.pk])[found.pk]
    return {
        "statement": found,
        "months": months,
        "state": state_of(standing, clock.seller_day()),
        "outstanding": standing.outstanding,
        "by_credit": standing.by_credit,
        "parts": [(code, title) for code, title in PARTS.items() if any(m.part == code for m in months)],
        "part": part,
        "search": search,
        "filtered": bool(search or part in PARTS),
        "groups": groups,
        "page": page,
        "desk": access,
        "pdf_url": access.url("-pdf", statement=found.pk),
        "csv_url": access.url("-csv", statement=found.pk),
    }


def _explained(group: SubjectLines, currency: str) -> SubjectLines:
    """Put its sentences beside each line of a subject."""
    for line in group.lines:
        line.sentences = sentences(line, currency)
    return group
