"""Background work that every package shares: the queue, tries, schedule, errors of jobs, and advisory locks.

Owns how work waits and is tried again (``jobs``, ``queue``) and the one way to take an advisory lock (``locks``). Does
not own what is done: tasks stand in the ``jobs`` of the package that knows how.
"""
