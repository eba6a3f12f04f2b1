"""Rendering what has no PDF yet: the same function for the command and for background jobs."""

from collections.abc import Callable, Iterator

from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement, StatementDocument
from pos_billing.web.pdf.documents import document_of


def render_statement(schema: str, statement_id: int) -> StatementDocument:
    """Make the PDF of one statement of the Seller ``schema`` unless it is there; for a background job."""
    with in_seller(schema):
        return document_of(Statement.objects.get(pk=statement_id))


def without_document(schema: str) -> list[int]:
    """The ids of the Seller's statements without a PDF, oldest first."""
    with in_seller(schema):
        missing = Statement.objects.filter(document=None).order_by("sequence")
        return list(missing.values_list("pk", flat=True))


def render_missing(
    schema: str, *, limit: int | None = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[StatementDocument]:
    """Render the Seller's missing PDFs one by one, each stored at once; stop after ``limit`` of them.

    ``progress`` is told how many are done of how many. Stopped anywhere, the next call goes on with the rest.
    """
    missing = without_document(schema)[:limit]
    for done, statement_id in enumerate(missing, start=1):
        yield render_statement(schema, statement_id)
        progress(done, len(missing))
