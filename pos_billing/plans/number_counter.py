"""The counter of a kind of numbered documents, for the tables of statements and credit notes."""

from django.db import models


class NumberCounter(models.Model):
    """What the next document of a kind gets; taken in the transaction that issues it, so that none is left out."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_sequence = models.PositiveIntegerField(default=1, help_text="Counts all documents that were ever issued.")
    next_number = models.PositiveIntegerField(default=1, help_text="The count that is written into the next number.")
    year = models.PositiveSmallIntegerField(null=True, help_text="The year of the document that was issued last.")

    class Meta:
        abstract = True
