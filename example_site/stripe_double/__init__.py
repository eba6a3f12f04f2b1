"""A stateful double of Stripe for the demo and the tests: real HTTP, real signed webhooks, no money.

It speaks the version of Stripe's API that dj-stripe pins, and judges every request and every object by Stripe's
published OpenAPI description. Run it with `python -m example_site.stripe_double --port 12111`.
"""
