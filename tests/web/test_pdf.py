"""The PDF of a statement: what it says, how it is kept, how long it takes."""

import builtins
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from pos_billing.plans.models import SellerSettings
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement, StatementDocument
from pos_billing.web.pdf import contents, rendering
from pos_billing.web.pdf.documents import DocumentLost, document_file
from pos_billing.web.pdf.rendering import rendered
from tests.web import scenario

GOLDEN = Path(__file__).parent.parent / "golden"


def text_of(pdf: bytes) -> str:
    """The text of a PDF, page by page, without what depends on where lines are broken into runs."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return "\n\f\n".join("\n".join(line.rstrip() for line in page.splitlines()) for page in pages) + "\n"


def pdf_of(schema: str, sequence: int):
    with in_seller(schema):
        return rendered(Statement.objects.get(sequence=sequence))


@pytest.mark.parametrize(
    ("schema", "sequence", "golden"),
    [
        ("public", 1, "statement_retroactive.txt"),
        ("public", 3, "statement_correction.txt"),
        ("agency_one", 1, "statement_of_a_partner.txt"),
    ],
)
def test_the_text_is_the_golden_one(billed, schema, sequence, golden):
    """After a wanted change: look at the PDF, then write its text to tests/golden/ (the message says how)."""
    text = text_of(pdf_of(schema, sequence).content)
    place = GOLDEN / golden
    if not place.exists() or place.read_text() != text:
        (GOLDEN / "new").mkdir(exist_ok=True)
        (GOLDEN / "new" / golden).write_text(text)
    assert place.exists(), f"look at tests/golden/new/{golden} and move it to tests/golden/"
    assert text == place.read_text(), f"look at tests/golden/new/{golden}; if it is right, move it to tests/golden/"


def test_it_is_tagged_titled_and_carries_its_fonts(billed):
    pdf = pdf_of("agency_one", 1)
    reader = PdfReader(BytesIO(pdf.content))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()
    assert reader.metadata.title == "Statement A1-00001, Agency One"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        assert "Inter" in descriptor["/FontName"]


def test_the_same_statement_gives_the_same_bytes(billed):
    assert pdf_of("public", 3).content == pdf_of("public", 3).content


def test_pages_are_counted_on_each(example):
    scenario.many_instances(example, 120)
    scenario.bill_both(example.partner, date(2019, 2, 1))
    pdf = pdf_of("agency_one", 1)
    pages = PdfReader(BytesIO(pdf.content)).pages
    assert len(pages) == pdf.pages > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {pdf.pages}" in page.extract_text()
        assert "Agency One · Statement A1-00001" in page.extract_text()


@pytest.mark.slow
def test_a_thousand_lines_take_seconds(example):
    scenario.many_instances(example, 500)
    scenario.bill_both(example.partner, date(2019, 2, 1))
    with in_seller("agency_one"):
        statement = Statement.objects.get()
        assert statement.line_count == 1002
        rendered(statement)  # fonts and style are read once a process
        began = time.process_time()
        pdf = rendered(statement)
        took = time.process_time() - began
    assert "site-00499" in text_of(pdf.content)
    assert took < 20, f"{took:.1f} s for {pdf.pages} pages"


def test_too_many_lines_are_added_up_by_plan(example, monkeypatch):
    monkeypatch.setattr(contents, "LINES_IN_FULL", 50)
    scenario.many_instances(example, 40)
    scenario.bill_both(example.partner, date(2019, 2, 1))
    pdf = pdf_of("agency_one", 1)
    text = text_of(pdf.content)
    assert pdf.pages == 1
    assert "site-00001" not in text
    assert "the CSV beside it has each of them" in text.replace("\n", " ")
    with in_seller("agency_one"):
        statement = Statement.objects.get()
        found = contents.contents_of(statement)
    assert [section.part for section in found.sections] == ["current", "earlier"]
    assert sum(row.cents for s in found.sections for m in s.months for row in m.rows) == statement.total_cents
    assert found.sections[0].months[0].rows[0].subjects == 41


def test_sections_add_up_to_the_statement(billed):
    for schema in ("public", "agency_one"):
        with in_seller(schema):
            for statement in Statement.objects.all():
                found = contents.contents_of(statement)
                assert sum(section.cents for section in found.sections) == statement.total_cents
                rows = [row for s in found.sections for month in s.months for row in month.rows]
                assert len(rows) == statement.line_count
                assert sum(row.cents for row in rows) == statement.total_cents


def test_credit_and_small_amounts_are_said(billed):
    html = "pos_billing/pdf/statement.html"
    from django.template.loader import render_to_string

    with in_seller("agency_one"):
        statement = Statement.objects.get(sequence=1)
        found = contents.contents_of(statement)
        statement.amount_due_cents, statement.carried_forward_cents = 0, -500
        assert "The credit is used by the next statements" in render_to_string(
            html, {"contents": found, "statement": statement}
        )
        statement.carried_forward_cents = 30
        assert "too small to be collected" in render_to_string(html, {"contents": found, "statement": statement})


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"])
def test_nothing_is_fetched_for_a_statement(address):
    with pytest.raises(ValueError, match="disallowed protocol"):
        rendering._tools().fetcher.fetch(address)


def test_names_cannot_bring_markup(billed):
    with in_seller("agency_one"):
        statement = Statement.objects.get(sequence=1)
        statement.buyer["name"] = "<img src='http://example.com/x.png'>Bold & Sons"
        text = text_of(rendered(statement).content)
    assert "<img src='http://example.com/x.png'>Bold & Sons" in text.replace("\n", "")


def test_a_logo_is_printed_and_a_missing_one_is_left_out(example, settings, tmp_path):
    from django.core.files.base import ContentFile
    from PIL import Image

    settings.MEDIA_ROOT = str(tmp_path / "media")
    picture = BytesIO()
    Image.new("RGB", (1200, 400), "#224466").save(picture, "PNG")
    with in_seller("agency_one"):
        row = SellerSettings.objects.get()
        row.logo.save("logo.png", ContentFile(picture.getvalue()))
    scenario.bill_both(example.partner, date(2019, 2, 1))
    with in_seller("agency_one"):
        statement = Statement.objects.get()
        assert statement.seller["logo"]
        assert len(PdfReader(BytesIO(rendered(statement).content)).pages[0].images) == 1
        row.logo.storage.delete(row.logo.name)
        assert len(PdfReader(BytesIO(rendered(statement).content)).pages[0].images) == 0


def test_without_system_libraries_the_message_says_what_to_install(billed, client_for, owner_of, member, monkeypatch):
    rendering._tools.cache_clear()
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    whole = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return whole(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(rendering.PdfUnavailable, match=r"apt-get install libpango-1\.0-0"):
        pdf_of("public", 1)
    with pytest.raises(CommandError, match=r"apt-get install libpango-1\.0-0"):
        call_command("render_statements", all_missing=True)
    reader = client_for("agency_one", user=member("agency_one", "read"))
    with in_seller("public"):
        statement = Statement.objects.get(sequence=1)
    answer = reader.get(f"/dashboard/billing/from-platform/{statement.pk}/pdf/")
    assert answer.status_code == 503
    assert f"/dashboard/billing/from-platform/{statement.pk}/csv/" in answer.content.decode()
    monkeypatch.undo()
    rendering._tools.cache_clear()


def test_a_file_that_was_lost_is_made_again_if_it_is_the_same(billed, documents):
    with in_seller("public"):
        statement = Statement.objects.get(sequence=1)
        first = document_file(statement).read()
        row = StatementDocument.objects.get()
        (documents / row.path).unlink()
        assert document_file(statement).read() == first
        assert (documents / row.path).read_bytes() == first


def test_a_file_that_was_changed_is_not_given_out(billed, documents):
    with in_seller("public"):
        statement = Statement.objects.get(sequence=1)
        document_file(statement).read()
        row = StatementDocument.objects.get()
        (documents / row.path).write_bytes(b"%PDF-1.7 forged")
        with pytest.raises(DocumentLost, match="Restore"):
            document_file(statement).read()


def test_the_command_makes_what_is_missing_and_nothing_twice(billed, capsys):
    call_command("render_statements")
    assert "public: 3 missing" in capsys.readouterr().out
    call_command("render_statements", seller="agency_one", all_missing=True)
    assert "agency_one: 3 made, 3 pages" in capsys.readouterr().out
    with in_seller("public"):
        assert not StatementDocument.objects.exists()
    call_command("render_statements", all_missing=True)
    call_command("render_statements", all_missing=True)
    printed = capsys.readouterr().out
    assert "public: 3 made" in printed
    assert "agency_one: 0 made" in printed
    with pytest.raises(CommandError, match="There is no Seller nobody"):
        call_command("render_statements", seller="nobody")
