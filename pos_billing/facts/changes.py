"""Changing dated facts of many things at once: set-based, whether it is one row or a hundred thousand.

A *thing* is what has one value on each day (an Instance's environment, a fee's price), named by one integer column of
the table. Wanted values come as a SELECT; PostgreSQL works out which rows say something new, cuts what held on those
days and joins neighbours that say the same. Days nobody speaks of stay as they are; saying a thing twice changes
nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, models

CHANGED = "pos_billing_changed"
"""Temporary table: what the last change made new, with ``thing``, ``days``, ``void`` and the values. Until commit."""

FOR_GOOD = "infinity"
"""An ``until`` that leaves the end open, whatever changes are known after it."""


NOTHING_AFTERWARDS = {"void": "true"}
"""After a corrected end nothing holds (``Change.prepare``)."""

AS_BEFORE = {"void": "before.id IS NULL"}
"""After a corrected end holds what held before."""


class Rows(NamedTuple):
    """How many rows a change added, altered and removed."""

    added: int = 0
    altered: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        """All rows that were written."""
        return self.added + self.altered + self.removed


MANY = 200
"""Added rows from which PostgreSQL is told how many a table of facts holds now: joins with it are planned by that."""


class Change:
    """Wanted values of one kind of dated fact: first ``prepare``, then look at ``CHANGED``, then ``apply``.

    ``thing`` is the column that names the thing; ``values`` are the columns that say what holds; ``notes`` are columns
    that come along without being part of what is said (who entered it).
    """

    def __init__(self, model: type[models.Model], thing: str, values: Sequence[str], notes: Sequence[str] = ()) -> None:
        self.table = connection.ops.quote_name(model._meta.db_table)
        self.thing, self.values, self.notes = thing, tuple(values), tuple(notes)

    def prepare(
        self, source: str, parameters: Mapping[str, Any] | None = None, *, afterwards: Mapping[str, str] | None = None
    ) -> int:
        """Fill ``CHANGED`` with what ``source`` says that is not so yet; return the number of its rows.

        ``source`` is a SELECT of ``thing, start, until, ends, void`` and the values and notes of this kind:

        - the value holds from ``start`` until ``until``; NULL means until the next row of the same thing without
          ``until``, and after the last of those until the next change that is known already; ``FOR_GOOD``: always;
        - inside the days of a row without ``until``, rows with one come first;
        - ``ends`` (may be NULL) is a day from which nothing is said, whatever ``until`` says;
        - ``void`` says that nothing holds on these days.

        Rows of one thing with ``until`` must not overlap: that is for the caller to refuse beforehand.

        ``afterwards`` is for files, whose ``until`` also corrects the end of what is known: of a row that says the
        same from the same day on, but for longer. It gives what holds on the days that are too many, as SQL
        expressions for ``void`` and each value, of ``fact`` (that row) and ``before`` (the one that ended where it
        began); ``NOTHING_AFTERWARDS`` and ``AS_BEFORE`` are the usual ones.
        """
        ended = self._ended(afterwards) if afterwards is not None else ""
        same = " AND ".join(f"fact.{name} IS NOT DISTINCT FROM wanted.{name}" for name in self.values)
        carried = ", ".join(["void", *self.values, *self.notes])
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {CHANGED}")
            cursor.execute(
                f"""
                CREATE TEMPORARY TABLE {CHANGED} ON COMMIT DROP AS
                WITH given AS ({source}),
                seen AS (
                    SELECT *, lead(start) OVER (PARTITION BY thing, until IS NULL ORDER BY start) AS next,
                        max(start) OVER of_thing AS last,
                        range_agg(daterange(start, NULLIF(until, 'infinity'))) FILTER (WHERE until IS NOT NULL)
                            OVER of_thing AS taken
                    FROM given WINDOW of_thing AS (PARTITION BY thing)
                ),
                placed AS (
                    SELECT thing, piece.days, ends, {carried} FROM seen CROSS JOIN LATERAL unnest(
                        CASE WHEN until IS NOT NULL THEN datemultirange(daterange(start, NULLIF(until, 'infinity')))
                        ELSE datemultirange(daterange(start, COALESCE(next, (
                            SELECT min(lower(fact.days)) FROM {self.table} AS fact
                            WHERE fact.{self.thing} = seen.thing AND lower(fact.days) > seen.last
                        )))) - COALESCE(taken, '{{}}'::datemultirange) END
                    ) AS piece (days)
                ),
                wanted AS (
                    SELECT thing, days * daterange(NULL, ends) AS days, {carried} FROM placed {ended}
                )
                SELECT * FROM wanted WHERE NOT isempty(days) AND CASE WHEN void
                    THEN EXISTS (
                        SELECT FROM {self.table} AS fact WHERE fact.{self.thing} = wanted.thing
                        AND fact.days && wanted.days
                    )
                    ELSE NOT EXISTS (
                        SELECT FROM {self.table} AS fact WHERE fact.{self.thing} = wanted.thing
                        AND fact.days @> wanted.days AND {same}
                    ) END
                """,
                parameters,
            )
            return _analyzed(cursor, CHANGED)

    def _ended(self, afterwards: Mapping[str, str]) -> str:
        """What holds on the days by which a known row is longer than the file says, as part of a UNION."""
        said = [f"{afterwards.get(name, 'before.' + name)} AS {name}" for name in ("void", *self.values)]
        said += [f"seen.{name}" for name in self.notes]
        same = " AND ".join(f"fact.{name} IS NOT DISTINCT FROM seen.{name}" for name in self.values)
        return f"""
            UNION ALL SELECT seen.thing, piece.days, {", ".join(said)} FROM seen
            JOIN {self.table} AS fact ON fact.{self.thing} = seen.thing AND lower(fact.days) = seen.start
                AND {same} AND NOT fact.days <@ daterange(seen.start, seen.until)
            LEFT JOIN {self.table} AS before ON before.{self.thing} = seen.thing AND upper(before.days) = seen.start
            JOIN (SELECT thing, range_agg(days) AS days FROM placed GROUP BY thing) AS all_placed
                ON all_placed.thing = seen.thing
            CROSS JOIN LATERAL unnest(
                datemultirange(fact.days) - datemultirange(daterange(NULL, seen.until)) - all_placed.days
            ) AS piece (days)
            WHERE seen.until < 'infinity' AND NOT seen.void
        """

    def apply(self) -> Rows:
        """Write what ``CHANGED`` holds: cut what held, join equal neighbours. Five statements, however many rows."""
        pairs = " AND ".join(f"{name} IS NOT DISTINCT FROM lag({name}) OVER of_thing" for name in self.values)
        columns = ", ".join([*self.values, *self.notes])
        values = ", ".join(self.values)
        notes = "".join(f", (array_agg({name} ORDER BY is_new DESC, lower(days)))[1] AS {name}" for name in self.notes)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {CHANGED}")
            if not cursor.fetchone()[0]:
                return Rows()
            cursor.execute("DROP TABLE IF EXISTS pos_billing_final")
            # Whoever changes the same things at the same time waits here, and then reads what was made of them.
            cursor.execute(
                f"SELECT FROM {self.table} WHERE {self.thing} IN (SELECT thing FROM {CHANGED}) ORDER BY id FOR UPDATE"
            )
            cursor.execute(
                f"""
                CREATE TEMPORARY TABLE pos_billing_final ON COMMIT DROP AS
                WITH taken AS (SELECT thing, range_agg(days) AS days FROM {CHANGED} GROUP BY thing),
                pieces AS (
                    SELECT fact.id, fact.{self.thing} AS thing, false AS is_new, {columns}, remains.days
                    FROM {self.table} AS fact JOIN taken ON taken.thing = fact.{self.thing}
                    CROSS JOIN LATERAL unnest(datemultirange(fact.days) - taken.days) AS remains (days)
                    UNION ALL
                    SELECT NULL, thing, true, {columns}, days FROM {CHANGED} WHERE NOT void
                ),
                marked AS (
                    SELECT *, CASE WHEN lower(days) = lag(upper(days)) OVER of_thing AND {pairs} THEN 0 ELSE 1 END
                    AS begins FROM pieces WINDOW of_thing AS (PARTITION BY thing ORDER BY lower(days))
                ),
                islands AS (
                    SELECT *, sum(begins) OVER (PARTITION BY thing ORDER BY lower(days)) AS island FROM marked
                ),
                joined AS (
                    SELECT thing, min(id) AS id, {values}{notes}, range_merge(range_agg(days)) AS days
                    FROM islands GROUP BY thing, island, {values}
                )
                SELECT thing, {columns}, days, CASE WHEN row_number()
                    OVER (PARTITION BY id ORDER BY lower(days)) = 1 THEN id END AS id
                FROM joined
                """
            )
            _analyzed(cursor, "pos_billing_final")
            cursor.execute(
                f"DELETE FROM {self.table} AS fact WHERE {self.thing} IN (SELECT thing FROM {CHANGED}) "
                "AND NOT EXISTS (SELECT FROM pos_billing_final AS final WHERE final.id = fact.id)"
            )
            removed = cursor.rowcount
            # First everything shrinks into its new days, then grows: no two rows ever hold one day.
            cursor.execute(
                f"UPDATE {self.table} AS fact SET days = fact.days * final.days FROM pos_billing_final AS final "
                "WHERE final.id = fact.id AND NOT fact.days <@ final.days"
            )
            altered = cursor.rowcount
            noted = "".join(f", {name} = final.{name}" for name in self.notes)
            cursor.execute(
                f"UPDATE {self.table} AS fact SET days = final.days{noted} FROM pos_billing_final AS final "
                "WHERE final.id = fact.id AND fact.days <> final.days"
            )
            altered += cursor.rowcount
            cursor.execute(
                f"INSERT INTO {self.table} ({self.thing}, days, {columns}) "
                f"SELECT thing, days, {columns} FROM pos_billing_final WHERE id IS NULL ORDER BY thing, lower(days)"
            )
            added = int(cursor.rowcount)
            if added >= MANY:  # the next change of this table, in the same transaction, is planned by it
                cursor.execute(f"ANALYZE {self.table}")
            return Rows(added, altered, removed)

    def make(
        self, source: str, parameters: Mapping[str, Any] | None = None, *, afterwards: Mapping[str, str] | None = None
    ) -> Rows:
        """``prepare`` and ``apply``."""
        return self.apply() if self.prepare(source, parameters, afterwards=afterwards) else Rows()


def _analyzed(cursor: Any, table: str) -> int:
    """How many rows the statement before put into ``table``; the planner knows it too.

    PostgreSQL takes a temporary table it knows nothing of for a large one, and reads a whole register for one row.
    """
    count = int(cursor.rowcount)
    if count:
        cursor.execute(f"ANALYZE {table}")
    return count
