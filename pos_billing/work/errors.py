"""What jobs say of themselves."""


class TryAgainLater(Exception):
    """Nothing is wrong with the job: what it needs could not be had at this moment."""
