"""The register of Instances, in the public schema alone: what the platform knows, read by every Seller.

Owns Instances and what holds of them from day to day (environment, status, owner, Domains, placements), dedicated
environments, daily usage, and what makes a Domain custom (``hosts``). Does not own plans or Accounts; a change that
plans must follow is told by a signal (``signals``).
"""
