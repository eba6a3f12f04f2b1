"""A Seller is a PostgreSQL schema: `public` is the platform, each Partner is a tenant's schema."""
