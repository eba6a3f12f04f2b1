"""The files of a statement, given only to those who may read it."""

import logging
import tempfile
from pathlib import PurePath

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from pos_billing.statements.export import statement_csv
from pos_billing.web.pdf.documents import DocumentLost, document_file
from pos_billing.web.pdf.rendering import PdfUnavailable
from pos_billing.web.shared.files import SAFE_HEADERS
from pos_billing.web.statement.access import StatementAccess

log = logging.getLogger(__name__)

SPOOLED_BYTES = 2_000_000


def pdf_response(request: HttpRequest, access: StatementAccess, statement: int) -> HttpResponse:
    """The PDF of a statement, as it was rendered once; rendered now if that has not happened yet.

    Where it cannot be had, a page says so and leads to the CSV; the log says what the operator has to do.
    """
    with access.take(statement) as found:
        name = file_name(found.number, "pdf")
        try:
            file = document_file(found)
        except (PdfUnavailable, DocumentLost) as error:
            log.error("%s", error)
            context = {"number": found.number, "csv_url": access.url("-csv", statement=found.pk)}
            return render(request, "pos_billing/statement/no_pdf.html", context, status=503)
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf", headers=SAFE_HEADERS)


def csv_response(access: StatementAccess, statement: int) -> HttpResponse:
    """All lines of a statement as CSV. Written to a spooled file first, so that the schema is left when it is sent."""
    file = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115  (the response closes it)
    with access.take(statement) as found:
        for text in statement_csv(found):
            file.write(text.encode())
        name = file_name(found.number, "csv")
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8", headers=SAFE_HEADERS
    )


def file_name(number: str, ending: str) -> str:
    """A statement's number as the name of a file: signs that file systems dislike become dashes."""
    safe = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in number).strip(".-") or "statement"
    return PurePath(f"statement-{safe}.{ending}").name
