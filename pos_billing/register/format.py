"""The register file: its kinds of records and their columns. docs/register-import.md is checked against this."""

from collections.abc import Mapping
from typing import NamedTuple

from pos_billing.plans.pricing import HIGHEST_CENTS, HIGHEST_QUANTITY
from pos_billing.register import values
from pos_billing.register.values import Reader


class Column(NamedTuple):
    """One column of a kind of records: how a cell is read, whether it must be filled, what it means."""

    read: Reader
    meaning: str
    needed: bool = False


class Kind(NamedTuple):
    """One kind of records."""

    meaning: str
    columns: Mapping[str, Column]


NAME = values.text(200)
STATUS = values.one_of("active", "unpublished", "fresh", "scheduled")  # deletion has a column of its own
SELLER = Column(values.text(200), "whose: the schema or name of a Partner, or `public` for the platform", True)
PARTNER = Column(values.text(200), "the Partner it belongs to: schema or name")
UUID = Column(values.uuid, "the Instance", True)
FROM = Column(values.day, "the first day on which it holds", True)
UNTIL = Column(values.day, "the first day on which it does not hold any more; empty: until the next change")

KINDS: dict[str, Kind] = {
    "partner": Kind(
        "A Partner. It must exist already, unless the import may create Partners.",
        {
            "schema": Column(values.text(63), "its schema", True),
            "name": Column(NAME, "its name", True),
            "email": Column(values.text(254), "where its statements go", True),
            "host": Column(values.host, "the host name of its storefront (to create it)"),
        },
    ),
    "seller": Kind(
        "Settings of a Seller. Empty cells leave a setting as it is.",
        {
            "seller": SELLER,
            "name": Column(NAME, "as it stands on statements"),
            "address": Column(values.text(2000), "postal address"),
            "email": Column(values.text(254), "where its clients answer to"),
            "tax_note": Column(values.text(2000), "printed at the foot of statements"),
            "time_zone": Column(values.text(64), "says which day it is now; billed days are the platform's"),
            "launch_on": Column(values.day, "no statement before this day"),
            "first_payment_on": Column(values.day, "no payment before this day"),
            "floor": Column(values.day, "days before this one are never charged"),
            "cut_off": Column(values.day, "months that ended before this day are not rated again"),
            "payment_terms_days": Column(values.whole(0, 365), "days to pay by hand"),
            "card_minimum_cents": Column(values.whole(0, 2_000_000_000), "smaller totals wait (cents)"),
            "number_format": Column(values.text(60), "of statement numbers"),
            "brand_color": Column(values.text(7), "as #1f4e79"),
            "platform_suffixes": Column(values.suffixes, "further endings of host names that are not custom"),
        },
    ),
    "account": Kind(
        "A client of a Partner, by its name. On the platform: the Account of a Partner.",
        {
            "seller": SELLER,
            "name": Column(NAME, "its name", True),
            "partner": Column(PARTNER.read, "on the platform: the Partner it is"),
            "email": Column(values.text(254), "where statements go"),
            "address": Column(values.text(2000), "postal address"),
            "tax_number": Column(values.text(60), "for example a VAT number"),
            "external_id": Column(values.text(100), "its id in other systems"),
            "collection_method": Column(values.collection_method, "card or manual"),
        },
    ),
    "plan": Kind(
        "A Billing Plan, by its name. Its fees come with their prices.",
        {
            "seller": SELLER,
            "name": Column(NAME, "its name", True),
            "parent": Column(NAME, "the platform's plan the Partner pays for under it"),
            "description": Column(values.text(2000), "free text"),
            "environments": Column(values.environments, "what it serves, separated by blanks", True),
            "begins": Column(values.begins, "first_custom_domain (when empty) or assignment"),
            "timing": Column(values.timing, "arrears (when empty) or advance"),
            "granted_to_all": Column(values.yes_or_no, "whether every Account may have it (no when empty)"),
            "archived_on": Column(values.day, "not assigned anew from this day on"),
            "external_id": Column(values.text(100), "its id in the Partner Portal"),
        },
    ),
    "price": Kind(
        "What a fee of a plan costs from a day on. A fee is made by its first price.",
        {
            "seller": SELLER,
            "plan": Column(NAME, "the plan", True),
            "fee": Column(values.text(100), "the fee's name", True),
            "metric": Column(values.metric, "what is metered; empty for a flat fee"),
            "cents": Column(values.whole(0, HIGHEST_CENTS), "a flat fee's price for a month, in cents"),
            "included": Column(values.whole(0, HIGHEST_QUANTITY), "a metered fee's included quantity a month"),
            "tiers": Column(values.tiers, "a metered fee's tiers: `up_to:cents/per`, separated by semicolons"),
            "from": FROM,
            "until": UNTIL,
        },
    ),
    "grant": Kind(
        "An Account that may have a plan.",
        {
            "seller": SELLER,
            "plan": Column(NAME, "the plan", True),
            "account": Column(NAME, "the Account", True),
        },
    ),
    "instance": Kind(
        "An Instance, by its uuid. For one that is known, empty cells leave things as they are.",
        {
            "uuid": UUID,
            "name": Column(NAME, "its name", True),
            "created_on": Column(values.day, "the day it was created", True),
            "deleted_on": Column(values.day, "the day it was deleted: not billed any more"),
            "environment": Column(values.environment, "its environment on the day it was created"),
            "status": Column(STATUS, "its status on the day it was created (active when empty)"),
            "partner": Column(PARTNER.read, "the Partner it belonged to on the day it was created"),
            "data_center": Column(values.text(100), "where it runs"),
            "url": Column(values.text(255), "the address the platform gave it"),
            "tags": Column(values.tags, "up to five, separated by commas"),
        },
    ),
    "environment": Kind(
        "The environment of an Instance from a day on.",
        {
            "uuid": UUID,
            "environment": Column(values.environment, "production, staging, dev or qa", True),
            "from": FROM,
            "until": UNTIL,
        },
    ),
    "status": Kind(
        "The status of an Instance from a day on (deletion is a column of the Instance).",
        {
            "uuid": UUID,
            "status": Column(STATUS, "active, unpublished, fresh or scheduled", True),
            "from": FROM,
            "until": UNTIL,
        },
    ),
    "owner": Kind(
        "The Partner an Instance belongs to from a day on: a transfer.",
        {"uuid": UUID, "partner": PARTNER._replace(needed=True), "from": FROM},
    ),
    "domain": Kind(
        "A Domain of an Instance.",
        {
            "uuid": UUID,
            "host": Column(values.host, "the host name, in any spelling", True),
            "added_on": Column(values.day, "the day it was added", True),
            "removed_on": Column(values.day, "the day it was removed"),
        },
    ),
    "dedicated_environment": Kind(
        "A dedicated environment, by its uuid.",
        {
            "uuid": Column(values.uuid, "the dedicated environment", True),
            "name": Column(NAME, "its name", True),
            "partner": PARTNER._replace(needed=True),
            "created_on": Column(values.day, "the day it was set up", True),
            "removed_on": Column(values.day, "the day it was given up"),
            "data_center": Column(values.text(100), "where it runs"),
        },
    ),
    "placement": Kind(
        "The days an Instance stands on a dedicated environment.",
        {
            "uuid": UUID,
            "dedicated_environment": Column(values.uuid, "where it stands", True),
            "from": FROM,
            "until": UNTIL,
        },
    ),
    "assignment": Kind(
        "The plan of an Instance or a dedicated environment from a day on, and who pays.",
        {
            "seller": SELLER,
            "uuid": Column(values.uuid, "the Instance or the dedicated environment", True),
            "plan": Column(NAME, "the plan", True),
            "account": Column(NAME, "who pays; on the platform empty: the Partner; for Unbilled it may be empty"),
            "from": FROM,
            "until": UNTIL,
        },
    ),
}

COLUMNS = {"record", *(name for kind in KINDS.values() for name in kind.columns)}
"""Every column a register file may have."""
