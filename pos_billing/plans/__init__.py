"""What a Seller sells, to whom: plans, fees, prices, Accounts, assignments, settings; and selling rules.

Owns Billing Plans through time, who has which (``assigning``), that plans follow ownership (``ownership``), prices
beside costs (``selling``, ``losses``), and the Instances as a Seller sees them (``instances_seen``). Does not own the
Instances themselves (``instances``), nor what a price comes to for a month (``rating``).
"""
