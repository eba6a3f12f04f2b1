"""Oscar among several Sellers: what it keeps in cookies, links and pages is bound to the Seller that gave it out."""
