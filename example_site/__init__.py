"""A runnable host for pos_billing: Oscar storefronts, one tenant per Partner, dj-stripe, the platform's admin."""
