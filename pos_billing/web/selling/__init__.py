"""The pages of a Seller: mounted for Partners on their hosts, and for the platform's staff on its own."""
