"""What the commands of a Seller have in common: constraints of the database in words."""

from pos_billing.facts.errors import refused_by
from pos_billing.instances.commands.checks import AT_ONCE, locked, sane_day

refused_by(
    {
        "account_name_once": ("name", "Another Account has this name (small and capital letters are alike)."),
        "pos_billing_account_partner_id_key": ("partner", "This Partner has an Account already."),
        "plan_name_once": ("name", "Another plan has this name (small and capital letters are alike)."),
        "plan_one_placeholder": ("plan", "There is one Unbilled placeholder, and it exists already."),
        "plan_serves_something": ("environments", "Choose at least one environment the plan serves."),
        "usage_fee_name_once": ("name", "The plan has a fee of this name already."),
        "usage_fee_metric_known": ("metric", "This is not a metric of platformOS."),
        "price_not_negative": ("cents", "A price is never negative."),
        "one_price_a_day": ("day", AT_ONCE),
        "one_plan_a_day": ("day", AT_ONCE),
        "one_dedicated_plan_a_day": ("day", AT_ONCE),
        "seller_currency_usd": ("currency", "The currency is USD."),
        "seller_number_format_is_valid": (
            "number_format",
            "The format of numbers must use {number} once, and nothing else in braces but {year} and {month}.",
        ),
    }
)

__all__ = ["locked", "sane_day"]
