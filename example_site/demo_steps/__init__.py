"""What `make demo` does, one function a step, in this order. Each can be run again: what is done already stays.

A step takes the `Demo` it works for and says what it found or did by returning a few words.
"""

from collections.abc import Callable

from example_site.demo_steps import billing, database, payments, people, register, services
from example_site.demo_steps.demo import Demo

Step = tuple[str, Callable[[Demo], str]]

STEPS: tuple[Step, ...] = (
    ("Database", database.prepare),
    ("Platform and its staff", people.make_platform),
    ("Stripe double", services.start_stripe_double),
    ("Register of Instances", register.load),
    ("Owners of the Partners", people.make_owners),
    ("Billing runs", billing.run_months),
    ("Web site", services.start_web_site),
    ("Worker", services.start_worker),
    ("Stripe webhooks", services.make_webhook_endpoints),
    ("Cards and payments", payments.show_payments),
)

__all__ = ["STEPS", "Demo", "Step"]
