"""Taking the money: cards through Stripe and dj-stripe, payments by hand, and what goes wrong.

`stripe_api` is the only module that talks to Stripe, `webhooks` the only one that listens to it. Everything else sees
the plain values of `values`. Money rows are append-only: a mistake is undone by another row.
"""
