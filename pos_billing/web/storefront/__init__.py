"""A client's pages: its Instances and statements in its account on the Partner's storefront."""
