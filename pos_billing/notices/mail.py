"""A notice as an e-mail: plain text and HTML, from the Seller, with a link to where something can be done."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django_tenants.utils import get_tenant_domain_model

from pos_billing.conf import setting
from pos_billing.notices.models import Notice, NoticeKind
from pos_billing.notices.words import words_of
from pos_billing.plans.models import Account, CollectionMethod, SellerSettings
from pos_billing.sellers.schemas import current_schema, is_platform

PARTNER_PAGES = {
    NoticeKind.STATEMENT_ISSUED: "billing:platform-statement",
    NoticeKind.PAYMENT_RECEIVED: "billing:ledger",
    NoticeKind.REFUNDED: "billing:ledger",
}
PARTNER_PAGE = "billing:payment"
CLIENT_PAGES = {
    NoticeKind.STATEMENT_ISSUED: "client_billing:statement",
    NoticeKind.PAYMENT_RECEIVED: "client_billing:ledger",
    NoticeKind.REFUNDED: "client_billing:ledger",
}
CLIENT_PAGE = "client_billing:payment"


def message_of(notice: Notice) -> EmailMultiAlternatives:
    """The e-mail of a notice, in the schema of its Seller."""
    seller = SellerSettings.objects.get()
    words = words_of(notice)
    context = {
        "words": words,
        "seller": seller,
        "account": notice.account,
        "link": link_of(notice),
        "payment_note": seller.payment_note if asks_for_payment_by_hand(notice) else "",
    }
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=render_to_string("pos_billing/collection/notice.txt", context),
        from_email=sender_of(seller),
        to=[notice.email],
        reply_to=[seller.email] if seller.email else None,
    )
    message.attach_alternative(render_to_string("pos_billing/collection/notice.html", context), "text/html")
    return message


def asks_for_payment_by_hand(notice: Notice) -> bool:
    """Whether the reader needs to know how to pay."""
    asks = notice.kind in {NoticeKind.STATEMENT_ISSUED, NoticeKind.PAST_DUE} and bool(notice.about.get("cents"))
    return asks and notice.account.collection_method == CollectionMethod.MANUAL


def sender_of(seller: SellerSettings) -> str:
    """The Seller's name on the host's own address: mail servers trust only their own domain."""
    address = settings.DEFAULT_FROM_EMAIL
    return address if "<" in address else f'"{seller.name.replace(chr(34), "")}" <{address}>'


def link_of(notice: Notice) -> str:
    """Where the reader can do something: Stripe's page for a confirmation, otherwise a page of the portal."""
    if notice.kind == NoticeKind.ACTION_REQUIRED and notice.about.get("hosted_url"):
        return str(notice.about["hosted_url"])
    of_partner = is_platform()
    pages, other = (PARTNER_PAGES, PARTNER_PAGE) if of_partner else (CLIENT_PAGES, CLIENT_PAGE)
    name = pages.get(NoticeKind(notice.kind), other)
    arguments = [notice.statement_id] if name.endswith("statement") else []
    return host_of(notice.account) + reverse(name, args=arguments, urlconf=settings.ROOT_URLCONF)


def host_of(account: Account) -> str:
    """The address of the host on which an Account's people sign in: a Partner's own, also for its clients."""
    hosts = get_tenant_domain_model().objects.order_by("-is_primary", "pk")
    if account.partner_id:
        host = hosts.filter(tenant_id=account.partner_id).first()
    else:
        host = hosts.filter(tenant__schema_name=current_schema()).first()
    port = setting("PORTAL_PORT")
    return f"{setting('PORTAL_SCHEME')}://{host.domain if host else 'localhost'}{f':{port}' if port else ''}"
