"""The PDF of a statement is made once and kept: in a folder of its own for each Seller, outside the public media."""

import hashlib
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from pos_billing.statements.models import Statement, StatementDocument
from pos_billing.web.pdf.rendering import rendered
from pos_billing.work.locks import LockSpace, wait_for


class DocumentLost(RuntimeError):
    """A PDF that was issued is no longer what it was, and cannot be made again as it was."""


def documents_folder() -> Path:
    """The folder of all documents (setting ``POS_BILLING_DOCUMENTS_FOLDER``); never inside the public media."""
    folder = getattr(settings, "POS_BILLING_DOCUMENTS_FOLDER", None)
    if not folder:
        raise ImproperlyConfigured("Set POS_BILLING_DOCUMENTS_FOLDER to a folder that no web server gives out.")
    return Path(folder)


def document_of(statement: Statement) -> StatementDocument:
    """The row of the statement's PDF; renders and stores the PDF first where that has not happened yet.

    To be called in the schema of the statement's Seller. Two callers at once make one document.
    Raises ``PdfUnavailable`` when WeasyPrint cannot run here.
    """
    found = StatementDocument.objects.filter(statement_id=statement.pk).first()
    if found is not None:
        return found
    with transaction.atomic():
        _lock(statement)
        found = StatementDocument.objects.filter(statement_id=statement.pk).first()
        if found is not None:
            return found
        pdf = rendered(statement)
        path = Path(connection.schema_name) / str(statement.as_of.year) / f"statement-{statement.sequence:06d}.pdf"
        store_file(documents_folder() / path, pdf.content)
        return StatementDocument.objects.create(
            statement=statement, path=path.as_posix(), sha256=hashlib.sha256(pdf.content).hexdigest(), pages=pdf.pages
        )


def document_file(statement: Statement) -> BinaryIO:
    """The statement's PDF, proven to be the one that was rendered.

    A file that is gone is made again from the issued rows, and given out only if it is the same to the byte. Raises
    ``DocumentLost`` when the bytes differ from what was recorded, ``PdfUnavailable`` when none can be made.
    """
    document = document_of(statement)
    place = documents_folder() / document.path
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        content = rendered(statement).content
        if _is(content, document):
            store_file(place, content)
    if not _is(content, document):
        raise DocumentLost(
            f"The PDF of statement {statement.number} is not the one that was issued. Restore {place} from a backup: "
            f"its SHA-256 is {document.sha256}."
        )
    return BytesIO(content)


def _is(content: bytes, document: StatementDocument) -> bool:
    return hashlib.sha256(content).hexdigest() == document.sha256


def _lock(statement: Statement) -> None:
    """Let one transaction at a time make the PDF of a statement."""
    wait_for(LockSpace.DOCUMENT, f"{connection.schema_name}/{statement.pk}")


def store_file(place: Path, content: bytes) -> None:
    """Write a file that is either there whole or not there, readable by the site alone."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
