"""Checks that kinds of records share: what they name is known, their days do not contradict each other."""

from django_tenants.utils import get_public_schema_name

from pos_billing.facts.staged import AFTER_DELETION, BEFORE_CREATION
from pos_billing.register.format import KINDS
from pos_billing.register.staging import BAD, PARTNERS, RAW, Staged, table_of


def refuse_unknown_partners(staged: Staged, kind: str) -> None:
    """Refuse rows whose ``partner`` is not a Partner."""
    staged.refuse(
        kind,
        "partner",
        "{one} is not a Partner: create it first, or let the import create it.",
        "SELECT number, partner, NULL FROM {table} WHERE partner IS NOT NULL AND partner_id IS NULL AND NOT EXISTS ("
        f"SELECT FROM {RAW} AS raw WHERE raw.kind = '{BAD}partner' AND raw.given->>'schema' = partner)",
    )
    staged.refuse(
        kind,
        "partner",
        "{one} is the platform itself: an Instance belongs to a Partner.",
        f"SELECT row.number, row.partner, NULL FROM {{table}} AS row JOIN {PARTNERS} AS partner "
        f"ON partner.id = row.partner_id WHERE partner.schema_name = '{get_public_schema_name()}'",
    )
    staged.execute(f"UPDATE {table_of(kind)} SET refused = true WHERE partner IS NOT NULL AND partner_id IS NULL")


def refuse_unknown_things(staged: Staged, kind: str, field: str = "uuid", of: str = "instance") -> None:
    """Refuse rows whose ``field`` names no Instance (or dedicated environment), known or in the file, good or bad."""
    words = {"instance": "an Instance", "dedicated_environment": "a dedicated environment"}[of]
    staged.refuse(
        kind,
        field,
        f"{{one}} is not {words} of the register or of this file.",
        f"SELECT number, {field}::text, NULL FROM {{table}} WHERE thing IS NULL "
        f"AND NOT EXISTS (SELECT FROM {table_of(of)} AS named WHERE named.uuid = {{table}}.{field}) "
        f"AND NOT EXISTS (SELECT FROM {RAW} AS raw WHERE raw.kind = '{BAD}{of}' "
        f"AND raw.given->>'uuid' = {{table}}.{field}::text)",
    )
    staged.execute(f"UPDATE {table_of(kind)} SET refused = true WHERE thing IS NULL")


def refuse_doubles(staged: Staged, kind: str, field: str, *columns: str) -> None:
    """Refuse rows that name the same thing as an earlier row."""
    same = ", ".join(columns)
    staged.refuse(
        kind,
        field,
        "is in row {one} already.",
        f"SELECT number, first, NULL FROM (SELECT number, min(number) OVER (PARTITION BY {same}) AS first "
        "FROM {table} WHERE NOT refused) AS row WHERE number <> first",
    )


def refuse_overlaps(staged: Staged, kind: str, *columns: str) -> None:
    """Refuse rows of one thing that begin on one day, or of which one reaches into the next."""
    same = ", ".join(columns)
    window = f"(PARTITION BY {same} ORDER BY start, number)"
    staged.refuse(
        kind,
        "from",
        "row {one} says something from this day on already.",
        "SELECT number, before, NULL FROM (SELECT number, start, "
        f"lag(number) OVER {window} AS before, lag(start) OVER {window} AS begun FROM {{table}} WHERE NOT refused"
        ") AS row WHERE begun = start",
    )
    if "until" not in KINDS[kind].columns:
        return
    staged.refuse(
        kind,
        "until",
        "row {one} begins before, on {two}.",
        "SELECT number, after, begins FROM (SELECT number, until, "
        f"lead(number) OVER {window} AS after, lead(start) OVER {window} AS begins FROM {{table}} WHERE NOT refused"
        ") AS row WHERE begins < until",
    )


def sentence(message: str) -> str:
    """The sentence of a rule (``facts.staged``) as ``Staged.refuse`` takes it: of the values ``one`` and ``two``."""
    return message.format(subject="{one}", one="{two}")


def refuse_days_outside(staged: Staged, kind: str) -> None:
    """Refuse rows that begin before their Instance was created, or on the day it was deleted or later."""
    known = "JOIN pos_billing_instances_instance AS known ON known.id = row.thing WHERE NOT row.refused AND"
    staged.refuse(
        kind,
        "from",
        sentence(BEFORE_CREATION),
        f"SELECT row.number, known.name, known.created_on FROM {{table}} AS row {known} row.start < known.created_on",
    )
    staged.refuse(
        kind,
        "from",
        sentence(AFTER_DELETION),
        f"SELECT row.number, known.name, known.deleted_on FROM {{table}} AS row {known} row.start >= known.deleted_on",
    )


def refuse_unknown_sellers(staged: Staged, kind: str) -> None:
    """Refuse rows whose ``seller`` is not the schema or name of a Seller."""
    staged.refuse(
        kind,
        "seller",
        "{one} is not a Seller: write public, or a Partner's schema or name.",
        "SELECT number, seller, NULL FROM {table} WHERE schema_name IS NULL AND NOT EXISTS ("
        f"SELECT FROM {RAW} AS raw WHERE raw.kind = '{BAD}partner' AND raw.given->>'schema' = seller)",
    )
    staged.execute(f"UPDATE {table_of(kind)} SET refused = true WHERE schema_name IS NULL")


def named_badly(kind: str, column: str, name: str) -> str:
    """A SELECT of rows of a kind that were refused and would have had this name: it is not unknown."""
    return (
        f"SELECT FROM {RAW} AS raw WHERE raw.kind = '{BAD}{kind}' AND lower(raw.given->>'{column}') = lower({name}) "
        f"UNION ALL SELECT FROM {table_of(kind)} AS named WHERE named.refused AND lower(named.{column}) = lower({name})"
    )
