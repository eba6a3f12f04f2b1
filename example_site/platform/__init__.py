"""The platform's own side of the example host: its admin site."""
