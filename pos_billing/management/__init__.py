"""Commands of `manage.py`: what people type and what cron does, each the same verb that a page calls."""
