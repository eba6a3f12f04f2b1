"""What the Partner Portal tells, told on to the register as facts with their days, or proposed to staff.

``run.sync_portal`` is the whole of it; ``commands`` decide proposals; ``queries`` are for those who look at the log.
"""
