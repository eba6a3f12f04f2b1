"""`pos_billing_pages`: write who may open which page into docs/roles.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from pos_billing.web.pages import filled


class Command(BaseCommand):
    """Fills the tables of a document in; a test compares them with the code."""

    help = "Write who may open which page into the tables of a document (docs/roles.md)."
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("document", type=Path, help='The document, with a last chapter "Page by page".')

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document."""
        document: Path = options["document"]
        document.write_text(filled(document.read_text(encoding="utf-8")), encoding="utf-8")
