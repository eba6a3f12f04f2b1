"""The platform's pages: every Seller's statements and runs, on the public host."""
