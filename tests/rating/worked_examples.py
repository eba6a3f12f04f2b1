"""The tables of docs/rules.md, computed: ``python -m tests.rating.worked_examples`` prints the document anew.

With ``--write`` it is written in place. A table stands between ``<!-- example: name -->`` and ``<!-- end -->``; the
function of that name below makes it. ``test_rules_document.py`` fails when the document and the rules disagree.
"""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from pos_billing.rating.difference import Billed, difference
from pos_billing.rating.due import Due, Key, Share
from pos_billing.rating.facts import Subject
from pos_billing.rating.horizon import window
from pos_billing.rating.margin import profit
from pos_billing.rating.metrics import monthly
from pos_billing.rating.proration import prorate
from pos_billing.rating.settlement import settle
from pos_billing.rating.terms import Begins, Plan, Timing
from pos_billing.rating.tiers import Tier, overage
from pos_billing.rating.timeline import timeline
from tests.rating.builders import (
    ACME,
    BOLT,
    P110,
    P200,
    SERVER,
    STAGING20,
    UNBILLED,
    Ledger,
    catalogue,
    day,
    dedicated,
    flat,
    instance,
    metered,
    plan,
    span,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.md"
BLOCK = re.compile(r"(<!-- example: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
NAMES = {UNBILLED.id: "Unbilled", P110.id: "Production 110", P200.id: "Production 200", STAGING20.id: "Staging 20"}
CLIENTS = {ACME: "Acme", BOLT: "Bolt", None: "–"}

Table = tuple[list[str], list[list[str]]]


def money(cents: int) -> str:
    return format_currency(Decimal(cents).scaleb(-2), "USD", locale="en_US").replace("-", "−")


def on(date) -> str:
    return format_date(date, "d MMM y", locale="en_US")


def month(date) -> str:
    return format_date(date, "MMM y", locale="en_US")


def exact(cents: Fraction) -> str:
    """An amount before it is rounded, in dollars to five places."""
    written = format_decimal(Decimal(cents.numerator) / cents.denominator / 100, "#,##0.00###", locale="en_US")
    return written if cents * 1000 % 1 == 0 else f"{written}…"


def units(quantity: Fraction | int) -> str:
    """A quantity to two places."""
    return format_decimal(
        Decimal(Fraction(quantity).numerator) / Fraction(quantity).denominator, "#,##0.##", locale="en_US"
    )


def reckoning(share: Share) -> str:
    if share.days == share.days_in_month:
        return money(share.price.cents)
    return f"{money(share.price.cents)} × {share.days} ÷ {share.days_in_month}"


def statements(ledger: Ledger, *runs: tuple) -> Table:
    """Every line of statements of ``(day, facts[, usage])``, with how it came about."""
    rows = []
    for as_of, facts, *usage in runs:
        lines = ledger.issue(facts, as_of, *usage)
        for line in lines:
            how = " + ".join(reckoning(share) for share in line.shares) or "nothing"
            if line.corrects:
                due = money(line.due) if how == money(line.due) else f"{how} = {money(line.due)}"
                how = f"{due} due − {money(line.billed)} billed"
            rows.append([on(day(as_of)), month(line.key.month), line.kind.value, how, money(line.amount)])
        if not lines:
            rows.append([on(day(as_of)), "–", "nothing", "", money(0)])
    return ["Statement of", "For", "Line", "Reckoning", "Amount"], rows


def timelines(facts, *plans: Plan, as_of: str = "2019-06-01", floor: str | None = None) -> Table:
    """The days of a subject as the rules see them."""
    rows = []
    for segment in timeline(facts, catalogue(*plans), day(as_of), floor and day(floor)):
        last = "–" if segment.span.end.year > 2100 else on(segment.span.end - timedelta(days=1))
        charged_as = NAMES.get(segment.assigned.plan) if segment.assigned else "–"
        what = segment.reason.value if segment.reason else f"{charged_as}{', retroactive' * segment.reached_back}"
        rows.append([on(segment.span.start), last, "no" if segment.reason else "yes", what, CLIENTS[segment.account]])
    return ["From", "Through", "Charged", "Under, or why not", "Who pays"], rows


def days() -> Table:
    spans = [
        span(*each)
        for each in (
            ("2018-12-12", "2019-01-01"),
            ("2019-01-01", "2019-02-01"),
            ("2019-02-14", "2019-02-15"),
            ("2020-02-01", "2020-03-01"),
            ("2019-02-14", "2019-02-14"),
        )
    ]
    return ["From", "Up to, not included", "Days"], [[on(s.start), on(s.end), str(s.days)] for s in spans]


def first_domain() -> Table:
    return timelines(instance(("2018-11-05", P110), domain="2018-12-12", deleted="2019-02-15"))


def environments() -> Table:
    return timelines(
        instance(
            ("2018-11-05", UNBILLED),
            ("2018-11-20", STAGING20),
            ("2019-01-16", P110),
            domain="2019-01-05",
            environments=[("2018-11-05", "staging"), ("2019-01-16", "production")],
        )
    )


def dedicated_environment() -> Table:
    return timelines(
        instance(
            ("2018-11-05", P110),
            domain="2018-11-05",
            placed=[("2019-01-11", "2019-01-16", UNBILLED), ("2019-01-16", "2019-01-21", SERVER)],
        )
    )


def dedicated_fee() -> Table:
    facts = dedicated(("2018-11-05", UNBILLED), ("2019-01-10", SERVER), removed="2019-02-15")
    return statements(Ledger(), ("2019-03-01", facts))


REACH = (("2018-11-05", UNBILLED), ("2019-01-20", P110))


def worked_example() -> Table:
    facts = instance(*REACH, domain="2018-12-12")
    return statements(
        Ledger(), ("2019-02-01", facts), ("2019-03-01", facts), ("2019-04-01", instance(*REACH, domain="2018-12-01"))
    )


def reach() -> Table:
    return timelines(instance(*REACH, domain="2018-12-12"))


def reach_of_several() -> Table:
    return timelines(
        instance(
            ("2018-11-05", UNBILLED),
            ("2019-01-01", P110),
            ("2019-02-01", UNBILLED),
            ("2019-03-01", P200),
            domain="2018-12-12",
        )
    )


def reach_and_payers() -> Table:
    return timelines(
        instance(
            ("2018-11-05", UNBILLED, ACME),
            ("2019-01-01", UNBILLED, BOLT),
            ("2019-01-20", P110, BOLT),
            domain="2018-12-12",
        )
    )


def proration() -> Table:
    rows = [
        [money(price), f"{part} of {of}", exact(Fraction(price * part, of)), money(prorate(price, part, of))]
        for price, part, of in (
            (110_00, 20, 31),
            (110_00, 31, 31),
            (110_00, 15, 30),
            (110_00, 14, 29),
            (110_00, 1, 28),
            (25_00, 31, 31),
            (25_00, 1, 31),
            (1, 15, 30),
            (1, 15, 31),
            (10_000_000_00, 1, 31),
        )
    ]
    return ["Price a month", "Days", "Exactly", "Amount"], rows


def prices() -> Table:
    rising = plan(70, flat(71, ("2018-01-01", 110_00), ("2018-12-22", 130_00)))
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", rising), domain="2018-12-12")
    return statements(Ledger(rising), ("2019-02-01", facts))


def overages() -> Table:
    tiers = (Tier(100, 10), Tier(300, 5), Tier(None, 2))
    rows = []
    for usage, included, part, of in (
        (1000, 1000, 31, 31),
        (1050, 1000, 31, 31),
        (1250, 1000, 31, 31),
        (2000, 1000, 31, 31),
        (750, 1000, 15, 31),
        (1000, 1000, 15, 30),
    ):
        limit = Fraction(included * part, of)
        rows.append(
            [
                f"{usage:,}",
                f"{included:,}",
                f"{part} of {of}",
                units(limit),
                units(max(usage - limit, 0)),
                money(overage(usage, included, tiers, part, of)),
            ]
        )
    return ["Used", "Included a month", "Days", "Included", "Over", "Amount"], rows


def split_month() -> Table:
    tiers = (Tier(100, 10), Tier(None, 1))
    rows = [
        [
            part,
            f"{50 * days:,}",
            f"{days} of 31",
            units(Fraction(100 * days, 31)),
            money(overage(50 * days, 0, tiers, days, 31)),
        ]
        for part, days in (("January, one plan", 31), ("1 to 15 January", 15), ("16 to 31 January", 16))
    ]
    return ["For", "Used", "Days", "At $0.10", "Amount"], rows


def levels() -> Table:
    tiers = (Tier(None, 2),)
    rows = []
    for peak, part, of in ((500, 15, 30), (1110, 15, 31), (1110, 31, 31)):
        held, limit = monthly("storage_mb", peak, part, of), Fraction(800 * part, of)
        rows.append(
            [
                f"{peak:,}",
                "800",
                f"{part} of {of}",
                units(held),
                units(limit),
                money(overage(held, 800, tiers, part, of)),
            ]
        )
    return ["Highest day", "Included a month", "Days", "Counts as", "Included", "Amount"], rows


def late_usage() -> Table:
    api = plan(80, metered(81, "api_calls", ("2018-01-01", 1000, (Tier(None, 2),))))
    facts = instance(("2018-11-05", api), domain="2018-11-05")
    first = day("2019-01-01")
    usual = {("api_calls", first + timedelta(n)): 50 for n in range(31)}
    late = usual | {("api_calls", day("2019-01-31")): 150}
    ledger, rows = Ledger(api), []
    for as_of, daily in (("2019-02-01", usual), ("2019-03-01", late)):
        for line in ledger.issue(facts, as_of, daily):
            (share,) = line.shares
            rows.append(
                [
                    on(day(as_of)),
                    month(line.key.month),
                    line.kind.value,
                    f"{share.usage:,}",
                    money(line.due),
                    money(line.billed),
                    money(line.amount),
                ]
            )
    return ["Statement of", "For", "Line", "Used", "Due", "Billed before", "Amount"], rows


def timing() -> Table:
    rows = []
    for as_of in ("2019-02-01", "2019-02-28", "2019-12-31"):
        seen = window(day(as_of))
        through = [
            seen.end(each, metered=usage) - timedelta(days=1)
            for each, usage in (
                (Timing.ARREARS, False),
                (Timing.ADVANCE, False),
                (Timing.ADVANCE, True),
            )
        ]
        rows.append([on(day(as_of)), *map(on, through)])
    return ["A run on", "Arrears through", "Advance through", "Usage through"], rows


def advance() -> Table:
    paid_ahead = plan(60, 60_00, timing=Timing.ADVANCE)
    changes = ("2018-11-05", paid_ahead)
    return statements(
        Ledger(paid_ahead),
        ("2019-01-01", instance(changes, domain="2019-01-01")),
        ("2019-02-01", instance(changes, domain="2019-01-01", deleted="2019-01-22")),
    )


def plan_changed_late() -> Table:
    before = instance(("2018-11-05", P110), domain="2019-01-01")
    after = instance(("2018-11-05", P110), ("2019-01-20", P200), domain="2019-01-01")
    return statements(Ledger(), ("2019-02-01", before), ("2019-03-01", after))


def floor() -> Table:
    return statements(Ledger(floor="2018-12-22"), ("2019-02-01", instance(*REACH, domain="2018-12-12")))


def cut_off() -> Table:
    ledger = Ledger()
    ledger.issue(instance(*REACH, domain="2018-12-12"), "2019-02-01")
    ledger.cut_off = day("2019-01-01")
    return statements(ledger, ("2019-03-01", instance(*REACH, domain="2019-01-10")))


def settlement() -> Table:
    """The first statement is not paid when the second one comes; the third is, before the fourth."""
    rows, carried = [], 0
    for total, owed in ((110_00, 0), (-130_00, 110_00), (110_00, 0), (-89_70, 0), (90_00, 0), (30, 0)):
        settled = settle(total, carried, 50, owed)
        carried = settled.carried_forward
        amounts = (settled.total, settled.brought_forward, owed, settled.set_off, settled.amount_due, carried)
        rows.append([money(amount) for amount in amounts])
    return ["Lines add up to", "Brought forward", "Open before", "Set against it", "To pay", "Carried forward"], rows


def credited_ahead() -> Table:
    """One fee and month, billed at 110.00, of which credit notes ahead of a correction gave something."""
    rows = []
    key = Key(ACME, Subject("instance", 1), 1, day("2019-01-01"))
    for due, billed, ahead in (
        (110_00, 110_00, 50_00),
        (53_23, 110_00, 50_00),
        (53_23, 110_00, 100_00),
        (110_00, 0, 0),
    ):
        lines = difference({key: Due(due, ())}, {key: Billed(billed, (1,), ahead)})
        used = sum(line.credited for line in lines)
        amount = "no line" if not lines else money(lines[0].amount)
        rows.append([money(due), money(billed), money(ahead), amount, money(ahead - used)])
    return ["Due now", "Billed", "Credited ahead", "Adjustment", "Left of the notes"], rows


def margin() -> Table:
    rows = [
        [money(billed), money(cost), money(profit(billed, cost))]
        for billed, cost in (
            (150_00, 110_00),
            (96_77, 70_97),
            (0, 110_00),
        )
    ]
    return ["Billed to the client", "Billed by the platform", "Profit"], rows


def begins_with_assignment() -> Table:
    storefront = plan(30, 30_00, begins=Begins.ASSIGNMENT)
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", storefront), domain="2018-12-12")
    return statements(Ledger(storefront), ("2019-02-01", facts))


EXAMPLES: dict[str, Callable[[], Table]] = {
    example.__name__: example
    for example in (
        days,
        first_domain,
        environments,
        dedicated_environment,
        dedicated_fee,
        reach,
        reach_of_several,
        reach_and_payers,
        begins_with_assignment,
        worked_example,
        proration,
        prices,
        overages,
        split_month,
        levels,
        late_usage,
        timing,
        advance,
        plan_changed_late,
        floor,
        cut_off,
        credited_ahead,
        settlement,
        margin,
    )
}


def markdown(table: Table) -> str:
    """A table of Markdown; columns of amounts and days stand to the right."""
    head, rows = table
    right = {n for n, _ in enumerate(head) if all(re.fullmatch(r"[−–$\d,.… of]*", row[n]) for row in rows)}
    rule = ["--:" if n in right else "---" for n, _ in enumerate(head)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, rule, *rows])


def rendered(text: str) -> str:
    """The document with every table computed anew. Raises ``KeyError`` for an example that does not exist."""
    return BLOCK.sub(lambda found: found[1] + markdown(EXAMPLES[found[2]]()) + found[3], text)


if __name__ == "__main__":
    document = rendered(DOCUMENT.read_text(encoding="utf-8"))
    if "--write" in sys.argv:
        DOCUMENT.write_text(document, encoding="utf-8")
    else:
        print(document)
