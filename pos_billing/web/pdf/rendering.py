"""HTML to PDF. WeasyPrint is imported only here and only when a PDF is made: it needs libraries of the system."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import translation

import pos_billing
from pos_billing.statements.models import Statement
from pos_billing.web.pdf.contents import contents_of
from pos_billing.web.pdf.logo import logo_uri

STATIC = Path(pos_billing.__file__).resolve().parent / "static" / "pos_billing"
HOW_TO_INSTALL = (
    "PDFs are made by WeasyPrint, which needs Pango and HarfBuzz from the system, and could not load them ({error}). "
    "Install them and start again. Debian, Ubuntu: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. macOS: brew install pango. "
    "Statements and their CSV work without."
)


class PdfUnavailable(RuntimeError):
    """WeasyPrint's system libraries are absent. The message says how to install them."""


class Pdf(NamedTuple):
    """A rendered document: its bytes, and how many pages it has."""

    content: bytes
    pages: int


class _Tools(NamedTuple):
    weasyprint: Any
    fonts: Any
    style: Any
    fetcher: Any


_one_at_a_time = threading.Lock()  # one font configuration for all documents: it is not made for several threads


def rendered(statement: Statement) -> Pdf:
    """The PDF of an issued statement, in its Seller's schema. The same statement gives the same bytes.

    Raises ``PdfUnavailable``.
    """
    with translation.override("en"):
        contents = contents_of(statement)
        html = render_to_string(
            "pos_billing/pdf/statement.html",
            {"contents": contents, "statement": statement, "logo": logo_uri(statement.seller.get("logo", ""))},
        )
    return pdf_of(html, f"{statement.number}/{statement.pk}")


def pdf_of(html: str, identifier: str) -> Pdf:
    """An HTML document, in the statements' style, as a tagged PDF; the same document gives the same bytes.

    Raises ``PdfUnavailable``.
    """
    tools = _tools()
    with _one_at_a_time, _no_garbage_collection():
        document = tools.weasyprint.HTML(string=html, url_fetcher=tools.fetcher).render(
            stylesheets=[tools.style], font_config=tools.fonts
        )
        content = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode(), pdf_forms=False)
    return Pdf(content, len(document.pages))


@lru_cache(maxsize=1)
def _tools() -> _Tools:
    """WeasyPrint with our style and fonts, parsed once in the life of the process."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PdfUnavailable(HOW_TO_INSTALL.format(error=error)) from error
    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=str(STATIC / "statement_pdf.css"), font_config=fonts)
    # What a statement says is given by people: no address in it is ever fetched, only pictures in place are read.
    return _Tools(weasyprint, fonts, style, URLFetcher(allowed_protocols=("data",), fail_on_errors=False))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Layout makes many objects and few cycles: collecting while it runs costs a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()
