"""Money that moved: payments, refunds, credit notes, write-offs, the ledger and what is owed."""
