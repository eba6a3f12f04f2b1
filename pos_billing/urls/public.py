"""URLs of the platform's host."""

from pos_billing.urls import addresses

globals().update(addresses("public"))
