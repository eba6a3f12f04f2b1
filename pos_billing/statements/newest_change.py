"""Whether anything changed that the next statements depend on: for figures that are kept for a while."""

from hashlib import sha256

from django.db import connection
from django_tenants.utils import get_public_schema_name

from pos_billing.sellers.schemas import in_seller

_NOTES = "SELECT count(*), max(noted_in), sum(noted_in) FROM {table}"
_OF_SELLER = (
    "SELECT (SELECT max(id) FROM pos_billing_billingrun), (SELECT max(id) FROM pos_billing_accountcredit), "
    "(SELECT max(id) FROM pos_billing_allocation), (SELECT max(id) FROM pos_billing_creditnote), "
    "(SELECT max(id) FROM pos_billing_writeoff), (SELECT row(s.*)::text FROM pos_billing_sellersettings AS s)"
)


def newest_change(schema: str) -> str:
    """A short text that is another one as soon as a fact, a run or money of ``schema`` or the platform has changed.

    Facts are known by the notes that PostgreSQL writes of them (``facts.change_notes``). A fixed number of queries.
    """
    seen: list[object] = []
    for of in dict.fromkeys((get_public_schema_name(), schema)):
        with in_seller(of), connection.cursor() as cursor:
            cursor.execute(_NOTES.format(table="pos_billing_changenote"))
            seen.append(cursor.fetchone())
            cursor.execute(_OF_SELLER)
            seen.append(cursor.fetchone())
    with connection.cursor() as cursor:
        for table in ("pos_billing_instances_changenote", "pos_billing_instances_dedicatedchangenote"):
            cursor.execute(_NOTES.format(table=table))
            seen.append(cursor.fetchone())
    return sha256(repr(seen).encode()).hexdigest()[:24]
