"""Register files: what is known of Partners, Instances, plans and usage, imported as facts with their days.

Owns the format of the file, reading it, and reporting every bad row. Does not own a single rule about facts: rows are
staged and checked by the code that checks a person's command (``instances``, ``plans.assigning``).
"""
