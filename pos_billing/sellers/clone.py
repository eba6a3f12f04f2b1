"""Copying a schema: tables, rows, keys, indexes, sequences, functions and triggers, all under the names they have.

django-tenants brings a clone function too, but it gives unique constraints and sequences new names (a later migration
that removes a constraint by its name then fails in every cloned tenant) and forgets comments. This one asks PostgreSQL
for the definition of each object while the search path is the source, so that names inside the source come without a
schema, and those in `public` with theirs; then it runs the definitions with the copy as search path. What is defined
inside the source therefore becomes the copy's own, and what refers to `public` goes on referring to `public`.

Objects that Django apps hardly make (types of one's own, partitions, row security, rules) are refused, not
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

NOT_COPIED = """
    SELECT 'relation ' || relname || ' of kind ' || relkind::text FROM pg_class
     WHERE relnamespace = %(source)s::regnamespace AND relkind NOT IN ('r', 'i', 'S', 't', 'v', 'm')
    UNION ALL SELECT 'partition or child table ' || relname FROM pg_class
     WHERE relnamespace = %(source)s::regnamespace
       AND (relispartition OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid))
    UNION ALL SELECT 'row security of ' || relname FROM pg_class
     WHERE relnamespace = %(source)s::regnamespace AND relrowsecurity
    UNION ALL SELECT 'type ' || typname FROM pg_type
     WHERE typnamespace = %(source)s::regnamespace AND typtype IN ('e', 'd', 'r')
    UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
     WHERE relnamespace = %(source)s::regnamespace AND rulename <> '_RETURN'
    UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext WHERE stxnamespace = %(source)s::regnamespace
    UNION ALL SELECT 'function ' || proname || ' of kind ' || prokind::text FROM pg_proc
     WHERE pronamespace = %(source)s::regnamespace AND prokind NOT IN ('f', 'p')
    UNION ALL SELECT 'function ' || proname || ', which names the schema it is in' FROM pg_proc
     WHERE pronamespace = %(source)s::regnamespace AND strpos(prosrc, %(source)s) > 0
"""

# What PostgreSQL keeps of the source for the copy's sake: there must be nothing.
STILL_TIED = """
    WITH of_source AS (
        SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relnamespace = %(source)s::regnamespace
        UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = %(source)s::regnamespace
    ), tables AS (
        SELECT oid FROM pg_class WHERE relnamespace = %(copy)s::regnamespace
    ), of_copy AS (
        SELECT 'pg_class'::regclass AS class, oid FROM tables
        UNION ALL SELECT 'pg_attrdef'::regclass, pg_attrdef.oid FROM pg_attrdef JOIN tables ON tables.oid = adrelid
        UNION ALL SELECT 'pg_constraint'::regclass, c.oid FROM pg_constraint AS c JOIN tables ON tables.oid = conrelid
        UNION ALL SELECT 'pg_trigger'::regclass, pg_trigger.oid FROM pg_trigger JOIN tables ON tables.oid = tgrelid
        UNION ALL SELECT 'pg_rewrite'::regclass, pg_rewrite.oid FROM pg_rewrite JOIN tables ON tables.oid = ev_class
    )
    SELECT pg_describe_object(classid, objid, objsubid) || ' needs ' || pg_describe_object(refclassid, refobjid, 0)
      FROM pg_depend
      JOIN of_copy ON of_copy.class = classid AND of_copy.oid = objid
      JOIN of_source ON of_source.class = refclassid AND of_source.oid = refobjid
"""


@dataclass(frozen=True)
class Step:
    """One kind of object: what people read about it, and the query whose rows are statements."""

    title: str
    statements: str


# Run in this order: rows go in before anything that would check or answer each of them.
STEPS = (
    Step(
        "tables",
        """
        SELECT format('CREATE %%sTABLE %%I (LIKE %%s.%%I INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION '
                      'INCLUDING GENERATED INCLUDING COMMENTS)%%s',
                      CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, relname, %(quoted_source)s, relname,
                      ' WITH (' || array_to_string(reloptions, ', ') || ')')
          FROM pg_class WHERE relnamespace = %(source)s::regnamespace AND relkind = 'r' ORDER BY relname
        """,
    ),
    Step(
        "sequences",
        """
        SELECT CASE deptype
               WHEN 'i' THEN format('ALTER TABLE %%I ALTER COLUMN %%I ADD GENERATED %%s AS IDENTITY '
                                    '(SEQUENCE NAME %%s.%%I START %%s INCREMENT %%s MINVALUE %%s MAXVALUE %%s '
                                    'CACHE %%s%%s)',
                                    owner.relname, attname,
                                    CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
                                    %(quoted_copy)s, sequence.relname, seqstart, seqincrement, seqmin, seqmax, seqcache,
                                    CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END)
               ELSE format('CREATE SEQUENCE %%I AS %%s START %%s INCREMENT %%s MINVALUE %%s MAXVALUE %%s '
                           'CACHE %%s%%s%%s',
                           sequence.relname, format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax,
                           seqcache, CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END,
                           CASE WHEN attname IS NULL THEN ''
                           ELSE format(' OWNED BY %%I.%%I', owner.relname, attname) END) END
          FROM pg_sequence
          JOIN pg_class AS sequence ON sequence.oid = seqrelid
          LEFT JOIN pg_depend ON pg_depend.objid = sequence.oid AND pg_depend.classid = 'pg_class'::regclass
                             AND pg_depend.refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
          LEFT JOIN pg_class AS owner ON owner.oid = refobjid
          LEFT JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
         WHERE sequence.relnamespace = %(source)s::regnamespace ORDER BY sequence.relname
        """,
    ),
    Step(
        "functions",
        """
        SELECT regexp_replace(pg_get_functiondef(oid), '^(CREATE OR REPLACE (FUNCTION|PROCEDURE)) [^(]*\\(',
                              '\\1 ' || replace(quote_ident(proname), '\\', '\\\\') || '(')
          FROM pg_proc WHERE pronamespace = %(source)s::regnamespace ORDER BY proname
        """,
    ),
    Step(
        "defaults",
        """
        SELECT format('ALTER TABLE %%I ALTER COLUMN %%I SET DEFAULT %%s', relname, attname, pg_get_expr(adbin, adrelid))
          FROM pg_attrdef JOIN pg_class ON pg_class.oid = adrelid
          JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum AND attgenerated = ''
         WHERE relnamespace = %(source)s::regnamespace ORDER BY relname, attnum
        """,
    ),
    Step(
        "rows",
        """
        SELECT format('INSERT INTO %%I (%%s) OVERRIDING SYSTEM VALUE SELECT %%s FROM %%s.%%I',
                      relname, columns, columns, %(quoted_source)s, relname)
          FROM pg_class JOIN LATERAL (
               SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
                WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS c ON true
         WHERE relnamespace = %(source)s::regnamespace AND relkind = 'r' AND columns IS NOT NULL ORDER BY relname
        """,
    ),
    Step(
        "numbers reached",
        """
        SELECT format('SELECT setval(%%L, last_value, is_called) FROM %%s.%%I',
                      %(quoted_copy)s || '.' || quote_ident(relname), %(quoted_source)s, relname)
          FROM pg_class WHERE relnamespace = %(source)s::regnamespace AND relkind = 'S' ORDER BY relname
        """,
    ),
    Step(
        "keys",
        """
        SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', relname, conname, pg_get_constraintdef(c.oid))
          FROM pg_constraint AS c JOIN pg_class ON pg_class.oid = conrelid
         WHERE connamespace = %(source)s::regnamespace AND contype IN ('p', 'u', 'x')
         ORDER BY contype, relname, conname
        """,
    ),
    Step(
        "views",
        """
        SELECT format('CREATE %%sVIEW %%I AS %%s', CASE relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END, relname,
                      rtrim(pg_get_viewdef(oid), ';'))
          FROM pg_class WHERE relnamespace = %(source)s::regnamespace AND relkind IN ('v', 'm') ORDER BY oid
        """,
    ),
    Step(
        "indexes",
        """
        SELECT pg_get_indexdef(indexrelid, 0, true)
          FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE relnamespace = %(source)s::regnamespace
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
         ORDER BY relname
        """,
    ),
    Step(
        "references",
        """
        SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', relname, conname, pg_get_constraintdef(c.oid))
          FROM pg_constraint AS c JOIN pg_class ON pg_class.oid = conrelid
         WHERE connamespace = %(source)s::regnamespace AND contype = 'f' ORDER BY relname, conname
        """,
    ),
    Step(
        "triggers",
        """
        SELECT pg_get_triggerdef(pg_trigger.oid, true)
               || CASE tgenabled WHEN 'O' THEN '' ELSE format('; ALTER TABLE %%I %%s TRIGGER %%I', relname,
                  CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
                  tgname) END
          FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
         WHERE relnamespace = %(source)s::regnamespace AND NOT tgisinternal ORDER BY relname, tgname
        """,
    ),
    Step(
        "comments",
        """
        SELECT format('COMMENT ON TABLE %%I IS %%L', relname, description)
          FROM pg_description JOIN pg_class ON pg_class.oid = objoid
         WHERE classoid = 'pg_class'::regclass AND objsubid = 0 AND relkind = 'r'
           AND relnamespace = %(source)s::regnamespace
        UNION ALL
        SELECT format('COMMENT ON TRIGGER %%I ON %%I IS %%L', tgname, relname, description)
          FROM pg_description JOIN pg_trigger ON pg_trigger.oid = objoid JOIN pg_class ON pg_class.oid = tgrelid
         WHERE classoid = 'pg_trigger'::regclass AND relnamespace = %(source)s::regnamespace
        """,
    ),
)


class CannotCopy(Exception):
    """The source holds something this module does not know how to copy, or is not there."""


def schema_copy(source: str, copy: str) -> Iterator[str]:
    """Copy schema `source` to the new schema `copy`, yielding the name of each step as it is done.

    One transaction: run the iterator to its end, or nothing is left of the copy.
    """
    names = {"source": _quoted(source), "quoted_source": _quoted(source), "quoted_copy": _quoted(copy)}
    with transaction.atomic(), connection.cursor() as cursor:
        _refuse_unknown(cursor, source)
        cursor.execute("SELECT current_setting('search_path')")
        path = cursor.fetchone()[0]
        cursor.execute(f"CREATE SCHEMA {_quoted(copy)}; SET LOCAL check_function_bodies = off")
        for step in STEPS:
            _search(cursor, _quoted(source))
            cursor.execute(step.statements, names)
            statements = [row[0] for row in cursor.fetchall()]
            _search(cursor, _quoted(copy))
            if statements:
                cursor.execute(";\n".join(statements))
            yield step.title
        cursor.execute(STILL_TIED, {"source": _quoted(source), "copy": _quoted(copy)})
        tied = [row[0] for row in cursor.fetchall()]
        if tied:
            raise CannotCopy(f"The copy would go on using what is in {source!r}: {'; '.join(tied)}")
        _search(cursor, path)


def _refuse_unknown(cursor: CursorWrapper, source: str) -> None:
    """Raise unless every object of the source is of a kind that is copied."""
    cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [_quoted(source)])
    if not cursor.fetchone()[0]:
        raise CannotCopy(f"There is no schema {source!r} to copy: migrate_schemas makes the template.")
    cursor.execute(NOT_COPIED, {"source": _quoted(source)})
    unknown = [row[0] for row in cursor.fetchall()]
    if unknown:
        raise CannotCopy(f"Schema {source!r} holds what cannot be copied: {'; '.join(unknown)}")


def _search(cursor: CursorWrapper, path: str) -> None:
    """Set the search path until the end of the transaction."""
    cursor.execute("SELECT set_config('search_path', %s, true)", [path])


def _quoted(name: str) -> str:
    """Quote an identifier as PostgreSQL does where it must (here: always)."""
    return connection.ops.quote_name(name) if not name.isidentifier() or name != name.lower() else name
