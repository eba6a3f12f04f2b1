"""docs/register-import.md says what the format is."""

from pathlib import Path

from pos_billing.rating.metrics import METRICS
from pos_billing.register.document import filled

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "register-import.md"


def test_the_document_has_every_column_as_it_is():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert filled(text) == text, "Write pos_billing.register.document.filled(text) back into the document."


def test_the_document_names_every_metric():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{metric}`" in text for metric in METRICS)
