"""Rows that, once written, stay as they are: statements, payments and everything else that is money."""

import pgtrigger


def never_emptied() -> pgtrigger.Trigger:
    """No TRUNCATE: row triggers do not see it."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pos_billing: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'raise_exception';",
    )


def append_only() -> list[pgtrigger.Trigger]:
    """Rows can be added, and nothing else: no UPDATE, no DELETE, no TRUNCATE, by whatever way they come."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        never_emptied(),
    ]


def only_these_change(*fields: str) -> list[pgtrigger.Trigger]:
    """Rows can be added, and of a row that stands only ``fields`` can change. No DELETE, no TRUNCATE."""
    return [
        pgtrigger.ReadOnly(name="written_once", exclude=list(fields)),
        pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        never_emptied(),
    ]
