"""Staff look at a tenant as its Partner sees it: read-only, for half an hour, and every page of it is kept."""
