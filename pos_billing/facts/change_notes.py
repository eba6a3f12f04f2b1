"""What a run must look at again: PostgreSQL notes every change of a fact that can move an amount.

A billing run rates the months that have closed since the last one. Earlier months are rated again only for subjects
that something has *touched* since. The triggers made here write those notes, in the schema of the table that changed,
whoever changes it and however. A note carries the transaction that made it, so that a run that reads a snapshot knows
exactly which notes it has not seen (``statements.touches``).
"""

import pgtrigger

WHOLE_HISTORY = "DATE '0001-01-01'"
"""The first month of a note that concerns all months."""

EVENTS = (
    ("insert", pgtrigger.Insert, "SELECT * FROM new_rows"),
    ("update", pgtrigger.Update, "SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows"),
    ("delete", pgtrigger.Delete, "SELECT * FROM old_rows"),
)


def decisive(*columns: str) -> str:
    """For ``chosen`` of ``touches``: group its rows by id, and leave out those none of whose ``columns`` changed."""
    return f"HAVING count(*) = 1 OR count(DISTINCT ({', '.join(columns)})) > 1"


def change_notes(note_table: str, columns: str, chosen: str, of: str = "notes") -> list[pgtrigger.Trigger]:
    """Statement-level triggers for insert, update and delete that note what a change touched.

    ``note_table`` is filled in ``columns`` by ``chosen``, a SELECT over ``changed`` (old and new versions of all rows
    of the statement) that may name other tables as ``{schema}.table``. Rows are sorted, so that two transactions
    that touch the same subjects wait for each other instead of locking crosswise. ``of`` begins the triggers' names,
    where a table touches more than one thing.
    """
    triggers = []
    for name, operation, changed in EVENTS:
        referencing = {
            "insert": pgtrigger.Referencing(new="new_rows"),
            "update": pgtrigger.Referencing(old="old_rows", new="new_rows"),
            "delete": pgtrigger.Referencing(old="old_rows"),
        }[name]
        statement = (
            f"WITH changed AS ({changed}) "
            f"INSERT INTO {{schema}}.{note_table} ({columns}, noted_in) "
            f"SELECT DISTINCT chosen.*, pg_current_xact_id()::text::bigint FROM ({chosen}) AS chosen ORDER BY 1, 2 "
            f"ON CONFLICT ({columns}) DO UPDATE SET noted_in = excluded.noted_in"
        ).replace("{schema}", "%1$I")
        triggers.append(
            pgtrigger.Trigger(
                name=f"{of}_on_{name}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=referencing,
                func=f"EXECUTE format('{statement.replace(chr(39), chr(39) * 2)}', TG_TABLE_SCHEMA); RETURN NULL;",
            )
        )
    return triggers
