"""Identifiers of the kind Stripe gives."""

import random
import string

ALPHABET = string.ascii_letters + string.digits

PREFIXES = {
    "account": "acct",
    "balance_transaction": "txn",
    "charge": "ch",
    "credit_note": "cn",
    "credit_note_line_item": "cnli",
    "customer": "cus",
    "customer_balance_transaction": "cbtxn",
    "dispute": "du",
    "event": "evt",
    "invoice": "in",
    "invoice_payment": "inpay",
    "invoiceitem": "ii",
    "line_item": "il",
    "mandate": "mandate",
    "payment_intent": "pi",
    "payment_method": "pm",
    "price": "price",
    "product": "prod",
    "refund": "re",
    "setup_attempt": "setatt",
    "setup_intent": "seti",
    "webhook_endpoint": "we",
}


class Identifiers:
    """Makes identifiers; with a seed, always the same ones in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def token(self, length: int = 24) -> str:
        """Return random letters and digits."""
        return "".join(self._random.choices(ALPHABET, k=length))

    def new(self, name: str) -> str:
        """Return an identifier for an object of that name."""
        return f"{PREFIXES[name]}_{self.token(16 if name == 'account' else 24)}"
