"""The host's tenants: Partners and the host names they are reached by."""
