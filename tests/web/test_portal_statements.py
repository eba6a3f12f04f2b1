"""A Partner reads statements both ways, and nobody else's."""

import hashlib
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import set_urlconf

from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement, StatementDocument
from tests.web import scenario


@pytest.fixture
def reader(billed, client_for, member):
    """A member who may read, signed in on the Partner's host."""
    return client_for("agency_one", user=member("agency_one", "read"))


def statement_in(schema: str, sequence: int) -> Statement:
    with in_seller(schema):
        return Statement.objects.get(sequence=sequence)


def test_the_worked_example_is_read_to_the_cent(reader):
    first = statement_in("public", 1)
    page = reader.get(f"/dashboard/billing/from-platform/{first.pk}/").content.decode()
    for text in ("$180.97", "$70.97", "$110.00", "20 of 31", "31 of 31", "Retroactive", "Charged for earlier months"):
        assert text in page
    assert "12 Dec 2018 – 31 Dec 2018: 20 of 31 days at $110.00 a month" in page
    third = statement_in("public", 3)
    page = reader.get(f"/dashboard/billing/from-platform/{third.pk}/").content.decode()
    for text in ("$149.03", "+$39.03", "now $110.00, was $70.97", "Correction"):
        assert text in page


def test_both_lists_show_their_own_statements(reader):
    page = reader.get("/dashboard/billing/from-platform/").content.decode()
    assert "2019-000001" in page
    assert "A1-00001" not in page
    page = reader.get("/dashboard/billing/statements/").content.decode()
    assert "A1-00001" in page
    assert "Greengrocer &amp; Sons" in page
    assert "2019-000001" not in page


def test_search_days_and_sorting(reader):
    def numbers(query: str) -> list[str]:
        page = reader.get(f"/dashboard/billing/statements/?{query}").content.decode()
        return [f"A1-0000{n}" for n in (1, 2, 3) if f">A1-0000{n}<" in page]

    assert numbers("q=greengrocer") == ["A1-00001", "A1-00002", "A1-00003"]
    assert numbers("q=00002") == ["A1-00002"]
    assert numbers("since=2019-03-01&until=2019-03-31") == ["A1-00002"]
    assert numbers("q=nobody") == []
    page = reader.get("/dashboard/billing/statements/?sort=total_cents").content.decode()
    assert page.index("A1-00002") < page.index("A1-00003") < page.index("A1-00001")
    assert 'aria-sort="ascending"' in page


def test_parts_and_instances_can_be_chosen(reader):
    first = statement_in("agency_one", 1)
    page = reader.get(f"/dashboard/billing/statements/{first.pk}/?part=earlier").content.decode()
    lines = page.split('id="lines"')[1]
    assert "December 2018" in lines
    assert "January 2019" not in lines
    page = reader.get(f"/dashboard/billing/statements/{first.pk}/?q=nobody").content.decode()
    assert "Nothing matches" in page


def test_another_partner_finds_nothing(billed, agency_two, client_for, member):
    stranger = client_for("agency_two", user=member("agency_two", "owner"))
    for schema, path in (("public", "from-platform"), ("agency_one", "statements")):
        statement = statement_in(schema, 1)
        for file in ("", "pdf/", "csv/"):
            assert stranger.get(f"/dashboard/billing/{path}/{statement.pk}/{file}").status_code == 404
        page = stranger.get(f"/dashboard/billing/{path}/").content.decode()
        assert "No statements yet" in page
        assert statement.number not in page


def test_only_members_are_let_in(billed, client_for, member, owner_of):
    assert client_for("agency_one").get("/dashboard/billing/statements/").headers["location"] == (
        "/dashboard/billing/sign-in/?next=/dashboard/billing/statements/"
    )
    nobody = client_for("agency_one", user=member("agency_one", None))
    answer = nobody.get("/dashboard/billing/statements/")
    assert answer.status_code == 403
    assert "is not a member" in answer.content.decode()


def test_every_page_says_who_may_open_it():
    from django.apps import apps

    from pos_billing.web.frame import PARTNER
    from pos_billing.web.pages import pages_for

    patterns, _, _ = apps.get_app_config("pos_billing_web").urls
    assert {pattern.name for pattern in patterns} == {page.name for page in pages_for(PARTNER)}


def test_signing_in_leads_to_the_page_that_was_asked_for(billed, client_for, member):
    member("agency_one", "write", "wanda")
    client = client_for("agency_one")
    page = client.get("/dashboard/billing/sign-in/?next=/dashboard/billing/statements/")
    assert "Agency One" in page.content.decode()
    wrong = client.post("/dashboard/billing/sign-in/", {"username": "wanda@example.org", "password": "guess"})
    assert "Please enter a correct" in wrong.content.decode()
    answer = client.post(
        "/dashboard/billing/sign-in/",
        {"username": "wanda@example.org", "password": "secret", "next": "/dashboard/billing/statements/"},
    )
    assert answer.headers["location"] == "/dashboard/billing/statements/"


def test_pdf_is_made_once_and_given_out_safely(reader, documents):
    statement = statement_in("public", 1)
    address = f"/dashboard/billing/from-platform/{statement.pk}/pdf/"
    answer = reader.get(address)
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="statement-2019-000001.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    with in_seller("public"):
        document = StatementDocument.objects.get()
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert (documents / document.path).read_bytes() == content
    assert document.path.startswith("public/")
    again = b"".join(reader.get(address).streaming_content)
    assert again == content
    with in_seller("public"):
        assert StatementDocument.objects.count() == 1


def test_csv_has_every_line(reader):
    statement = statement_in("agency_one", 1)
    answer = reader.get(f"/dashboard/billing/statements/{statement.pk}/csv/")
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 1 + statement.line_count
    assert answer.headers["content-disposition"] == 'attachment; filename="statement-A1-00001.csv"'


def test_lists_and_details_take_the_same_queries_whatever_their_size(example, client_for, member):
    reader = client_for("agency_one", user=member("agency_one", "read"))
    scenario.bill_both(example.partner, date(2019, 2, 1))

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = reader.get(path)
        set_urlconf(None)
        assert answer.status_code == 200
        return len(captured)

    reader.get("/dashboard/billing/statements/")  # Django and Oscar remember a few things after the first page
    first = statement_in("agency_one", 1)
    few = queries("/dashboard/billing/statements/"), queries(f"/dashboard/billing/statements/{first.pk}/")
    scenario.many_instances(example, 200)
    for month in range(3, 8):
        scenario.bill_both(example.partner, date(2019, month, 1))
    big = statement_in("agency_one", 2)
    assert big.line_count > 400
    many = queries("/dashboard/billing/statements/"), queries(f"/dashboard/billing/statements/{big.pk}/")
    assert many == few
    assert max(many) <= 17
