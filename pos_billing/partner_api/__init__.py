"""The Partner Portal of platformOS: its HTTP API read, its answers understood, compared with the register.

Nothing here changes a fact. What is read becomes frozen values (``values.py``), the comparison is pure
(``comparison.py``), and ``pos_billing.sync`` tells the changes to the register through commands.
"""
