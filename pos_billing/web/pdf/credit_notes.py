"""The PDF of a credit note: made once and kept beside those of statements."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from pos_billing.collection.models import CreditNote, CreditNoteDocument
from pos_billing.web.pdf.documents import DocumentLost, documents_folder, store_file
from pos_billing.web.pdf.logo import logo_uri
from pos_billing.web.pdf.rendering import Pdf, pdf_of
from pos_billing.work.locks import LockSpace, wait_for


def credit_note_file(note: CreditNote) -> BinaryIO:
    """The PDF, proven to be the one that was rendered first, in the schema of the note's Seller.

    Raises ``DocumentLost`` when it is not what it was, ``PdfUnavailable`` when none can be made.
    """
    document = _document_of(note)
    place = documents_folder() / document.path
    content = place.read_bytes() if place.exists() else rendered(note).content
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DocumentLost(f"The PDF of credit note {note.number} is not the one that was issued. Restore {place}.")
    if not place.exists():
        store_file(place, content)
    return BytesIO(content)


def rendered(note: CreditNote) -> Pdf:
    """The PDF of an issued credit note; the same note gives the same bytes."""
    lines = note.lines.select_related("statement_line").order_by("statement_line__month", "statement_line_id")
    with translation.override("en"):
        html = render_to_string(
            "pos_billing/pdf/credit_note.html",
            {"note": note, "lines": list(lines), "logo": logo_uri(note.seller.get("logo", ""))},
        )
    return pdf_of(html, f"{note.number}/{note.pk}")


def _document_of(note: CreditNote) -> CreditNoteDocument:
    with transaction.atomic():
        wait_for(LockSpace.DOCUMENT, f"{connection.schema_name}/credit-note/{note.pk}")
        found = CreditNoteDocument.objects.filter(credit_note=note).first()
        if found is not None:
            return found
        pdf = rendered(note)
        path = Path(connection.schema_name) / str(note.issued_on.year) / f"credit-note-{note.sequence:06d}.pdf"
        store_file(documents_folder() / path, pdf.content)
        return CreditNoteDocument.objects.create(
            credit_note=note, path=path.as_posix(), sha256=hashlib.sha256(pdf.content).hexdigest(), pages=pdf.pages
        )
