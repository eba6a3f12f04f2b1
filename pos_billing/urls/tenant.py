"""URLs of a Partner's host."""

from pos_billing.urls import addresses

globals().update(addresses("tenant"))
