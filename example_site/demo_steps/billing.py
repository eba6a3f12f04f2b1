"""The demo's billing runs: one for each month from launch on, as if somebody had been there on every 1st."""

from datetime import date

from django.core.management import call_command

from example_site.demo_steps.demo import Demo

DAYS = (date(2019, 2, 1), date(2019, 3, 1), date(2019, 4, 1))


def run_months(demo: Demo) -> str:
    """Bill every Seller for each month; what is billed stays as it is."""
    for day in DAYS:
        demo.tell(f"as of {day}")
        call_command("bill", as_of=day, by="make demo", verbosity=0)
    return f"{len(DAYS)} months billed"
