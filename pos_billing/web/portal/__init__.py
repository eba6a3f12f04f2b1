"""A Partner's pages: the Billing section of the Oscar dashboard on its own host."""
