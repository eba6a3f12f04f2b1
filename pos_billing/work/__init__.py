"""Background work: the queue, its schedule, its errors, and locks that any package may take."""
