"""Whose payments a page is about: a Partner's to the platform, or a client's to its Partner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.http import Http404, HttpRequest
from django.urls import reverse
from django_tenants.utils import get_public_schema_name

from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller


@dataclass(frozen=True)
class PaymentAccess:
    """The Account ``account_id`` (or the one that Partner ``partner_id`` is) of the Seller ``schema``.

    ``pages`` is the start of the URL names of its pages.
    """

    schema: str
    pages: str
    account_id: int | None = None
    partner_id: int | None = None

    @contextmanager
    def open(self) -> Iterator[Account]:
        """Enter the Seller's schema with the Account. Nobody's Account is not found."""
        with in_seller(self.schema):
            only = {"pk": self.account_id} if self.partner_id is None else {"partner_id": self.partner_id}
            account = Account.objects.filter(**only).first()
            if account is None:
                raise Http404("There is no such account.")
            yield account

    def url(self, page: str, **arguments: int) -> str:
        """The URL of one of the desk's pages."""
        return reverse(f"{self.pages}{page}", kwargs=arguments)


def to_platform(request: HttpRequest) -> PaymentAccess:
    """The payments of the Partner whose host this is, to the platform."""
    return PaymentAccess(get_public_schema_name(), "billing:", partner_id=request.tenant.pk)


def person(request: HttpRequest) -> str:
    """Who does it, as history keeps it."""
    return f"{request.user.email or request.user.get_username()} ({connection.schema_name})"
