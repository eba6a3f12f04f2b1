"""What is told, as an e-mail: plain text and HTML, from the Seller, with a link that opens, sent once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.test import override_settings

from pos_billing.notices.commands import notice_make, notice_send, notices_unsent
from pos_billing.notices.mail import message_of
from pos_billing.notices.models import Notice, NoticeKind
from pos_billing.plans.commands import account_change, seller_settings_change
from pos_billing.sellers.schemas import in_seller
from tests.browser.looking import PICTURES, SCREENS
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, GOOD, LAUNCH, NEEDS_3DS
from tests.statements.billing_scenario import SAID

ABOUT = {
    NoticeKind.STATEMENT_ISSUED: {"number": "2019-000001", "cents": 18097, "due_on": FIRST_PAYMENT, "by_card": False},
    NoticeKind.PAYMENT_RECEIVED: {
        "number": "2019-000001", "cents": 18097, "card": "Visa 4242", "received_on": FIRST_PAYMENT,
    },
    NoticeKind.PAYMENT_FAILED: {
        "number": "2019-000001", "cents": 18097, "card": "Visa 0341", "message": "Your card was declined.",
        "next_on": date(2019, 2, 18),
    },
    NoticeKind.PAYMENT_GIVEN_UP: {
        "number": "2019-000001", "cents": 18097, "card": "Visa 0341", "message": "Your card was stolen.",
    },
    NoticeKind.ACTION_REQUIRED: {
        "number": "2019-000001", "cents": 18097, "card": "Visa 3184", "hosted_url": "https://invoice.example.com/i/1",
    },
    NoticeKind.CARD_MISSING: {"due_on": FIRST_PAYMENT},
    NoticeKind.CARD_EXPIRING: {"card": "Visa 4242", "exp_month": 2, "exp_year": 2019, "due_on": date(2019, 3, 1)},
    NoticeKind.PAST_DUE: {"number": "2019-000001", "cents": 18097, "due_on": FIRST_PAYMENT},
    NoticeKind.REFUNDED: {"cents": 5000, "why": "Goodwill", "credit_note": "CN-2019-000001"},
    NoticeKind.DISPUTED: {"cents": 18097, "reason": "fraudulent"},
}  # fmt: skip


def kinds() -> list[str]:
    """What was told, in order."""
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def brand(collecting):
    """The platform has a name, a colour and an address of its own."""
    seller_settings_change(
        name="Harbour Billing", email="billing@harbour.example.com", brand_color="#0b6e4f",
        address="1 Quay Street\nPortland", payment_note="IBAN DE02 1203 0000 0000 2020 51", **SAID,
    )  # fmt: skip
    return collecting


@pytest.mark.parametrize("kind", NoticeKind.values)
def test_every_kind_in_plain_text_and_html_from_the_seller(brand, kind):
    account_change(brand.account, collection_method="manual", **SAID)
    statement = None
    if kind == NoticeKind.STATEMENT_ISSUED:
        brand.seed_instance()
        statement = brand.bill(LAUNCH)
    made = notice_make(
        kind, account=brand.account, made_on=LAUNCH, key=kind, statement=statement, about=ABOUT[NoticeKind(kind)]
    )
    made.refresh_from_db()
    assert notice_send(made.pk) is True
    assert notice_send(made.pk) is False, "once"
    [sent] = mail.outbox
    html, of_type = sent.alternatives[0]
    assert (sent.from_email.split(" <")[0], sent.reply_to) == ('"Harbour Billing"', ["billing@harbour.example.com"])
    assert (sent.to, of_type) == ([brand.account.email], "text/html")
    assert sent.subject
    assert "<" not in sent.body
    for said in (sent.body, html):
        assert "Harbour Billing" in said
        assert "1 Quay Street" in said
        asks = kind in {NoticeKind.STATEMENT_ISSUED, NoticeKind.PAST_DUE}
        assert ("IBAN DE02" in said) == asks
    assert 'href="http' in html
    if kind == NoticeKind.ACTION_REQUIRED:
        assert "https://invoice.example.com/i/1" in sent.body


def test_each_step_of_a_payment_tells_what_happened_and_what_comes_next(brand):
    brand.seed_instance()
    brand.card(DECLINES)
    brand.bill(LAUNCH)
    brand.collect(FIRST_PAYMENT)
    assert "We try again on 18 February 2019" in mail.outbox[-1].body
    brand.card(NEEDS_3DS)
    brand.collect(date(2019, 2, 18))
    hosted = Notice.objects.get(kind="action_required").about["hosted_url"]
    assert hosted
    assert hosted in mail.outbox[-1].body
    brand.card(GOOD)
    brand.collect(date(2019, 2, 18))
    assert "We received $180.97 for statement 2019-000001 by Visa 4242" in mail.outbox[-1].body
    assert kinds() == ["payment_failed", "action_required", "payment_received"]
    assert notices_unsent() == []


def test_a_mail_server_that_does_not_answer_is_asked_again_later(brand):
    made = notice_make(
        "card_missing", account=brand.account, made_on=LAUNCH, key="x", about=ABOUT[NoticeKind.CARD_MISSING]
    )
    made.refresh_from_db()
    away = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": 1,
    }
    with override_settings(**away), pytest.raises(OSError, match=r"."):
        notice_send(made.pk)
    made.refresh_from_db()
    assert made.sent_at is None
    assert "refused" in made.send_error
    assert notices_unsent() == [made.pk]
    assert notice_send(made.pk) is True
    made.refresh_from_db()
    assert made.send_error == ""


def test_a_clients_links_lead_to_its_partners_storefront(collecting):
    with in_seller("agency_one"):
        made = notice_make(
            "card_missing",
            account=collecting.scenario.client,
            made_on=LAUNCH,
            key="x",
            about=ABOUT[NoticeKind.CARD_MISSING],
        )
        made.refresh_from_db()
        body = message_of(made).body
    assert "agency-one.localhost" in body
    assert "/accounts/billing/payment/" in body


@pytest.mark.browser
def test_e_mails_are_well_to_look_at(brand, browser_page):
    account_change(brand.account, collection_method="manual", **SAID)
    PICTURES.mkdir(exist_ok=True)
    for kind in (NoticeKind.PAST_DUE, NoticeKind.PAYMENT_FAILED):
        made = notice_make(kind, account=brand.account, made_on=LAUNCH, key=kind, about=ABOUT[kind])
        made.refresh_from_db()
        for screen, size in SCREENS.items():
            browser_page.set_viewport_size(size)
            browser_page.set_content(message_of(made).alternatives[0][0])
            browser_page.screenshot(path=str(PICTURES / f"email-{kind}-{screen}.png"), full_page=True)
            assert browser_page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
