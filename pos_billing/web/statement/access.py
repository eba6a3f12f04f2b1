"""Whose statements an audience may read, and where: the one gate in front of every statement page and file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement


@dataclass(frozen=True)
class StatementAccess:
    """The statements of the Seller ``schema`` that fulfil ``only`` (a filter; empty: all of them).

    ``pages`` is the start of the URL names of its pages (``billing:platform-statement``), ``arguments`` are those
    that the URLs take besides the statement. ``with_client`` says whether lists name who is billed.
    """

    schema: str
    pages: str
    only: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    with_client: bool = True

    @contextmanager
    def open(self) -> Iterator[QuerySet[Statement]]:
        """Enter the Seller's schema with the statements this audience may read."""
        with in_seller(self.schema):
            yield Statement.objects.filter(**self.only).select_related("account")

    @contextmanager
    def take(self, statement: int) -> Iterator[Statement]:
        """Enter the Seller's schema with one statement; anything else than one that may be read is not found."""
        with self.open() as statements:
            found = statements.filter(pk=statement).first()
            if found is None:
                raise Http404("There is no such statement.")
            yield found

    def url(self, suffix: str = "", **arguments: Any) -> str:
        """The URL of one of the desk's pages: ``"s"`` the list, ``""`` a statement, ``"-pdf"``, ``"-csv"``."""
        return reverse(f"{self.pages}{suffix}", kwargs={**self.arguments, **arguments})
