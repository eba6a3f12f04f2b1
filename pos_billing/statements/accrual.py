"""What the running month has come to so far, by the code that bills: for people who do not want to wait for the 1st."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from pos_billing.instances.hosts import platform_likes
from pos_billing.instances.subjects import KINDS
from pos_billing.plans.catalogue import catalogue
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.queries import seller_suffixes
from pos_billing.rating.facts import Subject
from pos_billing.rating.horizon import Window
from pos_billing.rating.months import month_of
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.billed import NOTHING
from pos_billing.statements.drafts import Rating, Rules, fees_by_id
from pos_billing.statements.locks import one_snapshot
from pos_billing.statements.reading import Reading, known_of, usage_of
from pos_billing.statements.run import CHUNK
from pos_billing.statements.scope import scope_of, subjects


def accrued(schema: str, *, through: date, chosen: Sequence[Subject] | None = None) -> dict[int, int]:
    """Cents due by Account for the days of ``through``'s month up to that day (included), as the facts stand.

    Every fee counts by the days so far, also one billed in advance, and use as far as its logs came in. What was
    billed already does not matter: this is no statement. ``chosen``: these subjects alone.
    """
    end = through + timedelta(days=1)
    window = Window(month_of(through), end, end)
    found: Counter[int] = Counter()
    with in_seller(schema), one_snapshot():
        seller, plans = SellerSettings.objects.get(), catalogue()
        rating = Rating(Rules(through, seller.floor, plans, fees_by_id(plans)), lambda first_month: window, usage_of)
        reading = Reading(seller.time_zone, platform_likes(seller_suffixes(seller)))
        scope = scope_of(through, None, chosen)
        for kind in KINDS:
            for chunk in subjects(scope, kind, CHUNK):
                chunk = [subject._replace(first_month=window.first_month) for subject in chunk]
                for line in rating.lines(chunk, known_of(chunk, kind, reading), NOTHING):
                    found[line.account] += line.amount_cents
    return dict(found)
