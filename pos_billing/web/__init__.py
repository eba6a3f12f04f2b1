"""What people see: a Partner's pages, its clients' pages, the platform's staff, and the PDF of a statement.

Nothing here computes an amount: pages show the frozen values that the packages below hand out.
"""
