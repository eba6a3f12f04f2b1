"""The PDF of a credit note: to the Seller that issued it, and to whom it was issued."""

import logging

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pos_billing.collection.models import CreditNote
from pos_billing.web.pdf.credit_notes import credit_note_file
from pos_billing.web.pdf.documents import DocumentLost
from pos_billing.web.pdf.rendering import PdfUnavailable
from pos_billing.web.shared.files import SAFE_HEADERS
from pos_billing.web.shared.payment_access import to_platform

log = logging.getLogger(__name__)


@require_safe
def credit_note_pdf(request: HttpRequest, note: int) -> HttpResponse:
    """A credit note that the Seller whose pages these are issued."""
    return note_file(get_object_or_404(CreditNote.objects.select_related("statement"), pk=note))


@require_safe
def platform_credit_note_pdf(request: HttpRequest, note: int) -> HttpResponse:
    """A credit note that the platform issued to this Partner."""
    with to_platform(request).open() as account:
        notes = CreditNote.objects.select_related("statement").filter(account=account)
        return note_file(get_object_or_404(notes, pk=note))


def note_file(note: CreditNote) -> HttpResponse:
    """The PDF for download."""
    try:
        file = credit_note_file(note)
    except (PdfUnavailable, DocumentLost) as error:
        log.error("%s", error)
        raise Http404(str(error)) from error
    name = f"{note.number}.pdf".replace("/", "-")
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf", headers=SAFE_HEADERS)
