"""Taking the money: cards through Stripe and dj-stripe, payments by hand, and what goes wrong.

Rooms: ``stripe/`` is the one door (``stripe.api`` alone talks to Stripe, everything else sees the plain values of
``stripe.values``); ``cards/`` charges: collect, charge, try again, reconcile; ``money/`` is what moved: payments,
refunds, credit notes, write-offs, the ledger and what is owed; ``webhooks`` alone listens. Money rows are append-only:
a mistake is undone by another row. Does not own what is asked for (``statements``) nor words and mail (``notices``).
"""
