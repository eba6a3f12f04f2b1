"""`manage.py render_statements`: make the PDFs that are missing. Background workers call the same function."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pos_billing.sellers.schemas import seller_schemas
from pos_billing.web.pdf.missing import render_missing, without_document
from pos_billing.web.pdf.rendering import PdfUnavailable


class Command(BaseCommand):
    """Render the PDFs of issued statements that have none yet."""

    help = "Make the PDFs of statements that have none yet. Safe to stop and to start again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seller", default="all", help="A schema, or all (the default).")
        parser.add_argument("--all-missing", action="store_true", help="Without it, only say how many are missing.")

    def handle(self, *args: Any, seller: str, all_missing: bool, **options: Any) -> None:
        known = seller_schemas()
        if seller != "all" and seller not in known:
            raise CommandError(f"There is no Seller {seller}. There are: {', '.join(known)}.")
        for schema in known if seller == "all" else [seller]:
            missing = len(without_document(schema))
            if not all_missing:
                self.stdout.write(f"{schema}: {missing} missing. Add --all-missing to make them.")
                continue
            self._render(schema)

    def _render(self, schema: str) -> None:
        documents = pages = 0
        try:
            for document in render_missing(schema, progress=lambda done, total: self._tell(schema, done, total)):
                documents, pages = documents + 1, pages + document.pages
        except PdfUnavailable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{schema}: {documents} made, {pages} pages.")

    def _tell(self, schema: str, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{schema}: {done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
