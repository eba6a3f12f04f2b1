"""Every URL of the plugin, opened by everybody on every host: those who may are let in, nobody else sees anything."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from pos_billing.web.frame import CLIENT, PARTNER, STAFF, STAFF_SELLING
from pos_billing.web.pages import CHAPTER, filled
from tests.databases import host_of
from tests.roles.walking import ROLES, URLCONFS, Page, allowed, needed_of, needs_of, pages_of

DOCS = Path(__file__).parents[2] / "docs"
ROLES_TOLD, PAGES_TOLD = DOCS / "roles.md", DOCS / "pages.md"
SECRETS = ("Greengrocer", "greengrocer", "Blue Door Books", "Production 110", "$180.97")
"""What stands on pages and is nobody else's business."""

NOT_THERE = {"card-chosen", "card-removed", "card-added", "payment-notice-dismissed"}
"""Pages about a card or notice that nobody has in this scenario."""


def address_of(page: Page, schema: str, named) -> str:
    """The page's address, with something real for each of its parts."""
    parts = dict(named[schema])
    if page.name.startswith("platform-statement"):
        parts["statement"] = named["public"]["statement"]
    if page.name == "collection-action":
        parts["act"] = "payment"
    if page.name == "client-payment-action":
        parts["act"] = "record"
    if page.name == "platform-credit-note-pdf":
        parts["note"] = named["public"]["note"]
    if page.namespace == "billing_staff":
        parts |= {"statement": parts["statement-of-seller"], "run": parts["run-of-seller"]}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(parts[part[1]]), page.route)


def to_sign_in(answer) -> bool:
    return answer.status_code == 302 and re.search(r"/(login|sign-in)/", answer["Location"]) is not None


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_more_than_the_role_allows(role, people, named, client_for):
    home, user = people[role]
    session = client_for(home, user=user).cookies.get(settings.SESSION_COOKIE_NAME)
    wrong = []
    for schema, urlconf in URLCONFS.items():
        visitor = Client(headers={"host": host_of(schema)})
        for page in pages_of(urlconf):
            address = address_of(page, schema, named)
            if session is not None:  # shown on every host; of use on its own alone
                visitor.cookies[settings.SESSION_COOKIE_NAME] = session.value
            if allowed(role, page, schema):
                answer = visitor.get(address)
                fine = answer.status_code in (200, 302, 405) or (answer.status_code == 404 and page.name in NOT_THERE)
                fine = fine or (
                    page.name == "support-access" and answer.status_code == 403
                )  # it opens with a ticket only
                if needed_of(page, schema) == "signed-in" and role != "client":
                    answer = visitor.post(address) if answer.status_code == 405 else answer
                    fine = answer.status_code in (200, 404) and not said(answer)
                if not fine or to_sign_in(answer):
                    wrong.append(f"{role} may open {page.name} at {host_of(schema)}{address}: {answer.status_code}")
                continue
            for answer in (visitor.get(address), visitor.post(address, {"why": "x", "save": "1"})):
                refused = answer.status_code in (403, 404) or to_sign_in(answer)
                if not refused or said(answer):
                    wrong.append(f"{role} may not open {page.name} at {host_of(schema)}{address}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


def said(answer) -> list[str]:
    """Secrets that an answer tells."""
    text = b"".join(answer) if answer.streaming else answer.content
    return [secret for secret in SECRETS if secret.encode() in text]


def test_every_url_says_whom_it_is_for():
    for schema, urlconf in URLCONFS.items():
        unsaid = [page.route for page in pages_of(urlconf) if needed_of(page, schema) is None]
        assert not unsaid, f"say in the table of pages (web/pages.py) who may open these on {schema}: {unsaid}"


def test_every_page_that_is_guarded_has_a_url():
    on_platform, on_partner = pages_of(URLCONFS["public"]), pages_of(URLCONFS["agency_one"])
    there = {(page.namespace, page.name) for page in on_platform}
    assert {name for space, name in there if space == "billing_staff"} == needs_of(STAFF).keys()
    assert {name for space, name in there if space == "billing"} == needs_of(STAFF_SELLING).keys()
    there = {(page.namespace, page.name) for page in on_partner}
    assert {name for space, name in there if space == "billing"} == needs_of(PARTNER).keys()
    assert {name for space, name in there if space == "client_billing"} == needs_of(CLIENT).keys()


def test_the_tables_of_pages_are_those_of_the_code():
    told = ROLES_TOLD.read_text()
    assert CHAPTER in told
    assert filled(told) == told, "run manage.py pos_billing_pages docs/roles.md"


def test_the_pages_told_of_are_there():
    names = {f"{audience.namespace}:{name}" for audience in (PARTNER, STAFF, CLIENT) for name in needs_of(audience)}
    told = re.findall(r"`((?:billing|billing_staff|client_billing):[a-z-]+)`", PAGES_TOLD.read_text())
    assert told
    assert set(told) <= names
