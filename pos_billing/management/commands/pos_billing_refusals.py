"""`pos_billing_refusals`: write the codes of all refusals into docs/refusals.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from pos_billing.facts.refusals import filled


class Command(BaseCommand):
    """Fills the table of a document in; a test compares it with the code."""

    help = "Write every code with which a command refuses into the table of a document (docs/refusals.md)."
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("document", type=Path, help="The document, with the two marks for the table.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document."""
        document: Path = options["document"]
        document.write_text(filled(document.read_text(encoding="utf-8")), encoding="utf-8")
