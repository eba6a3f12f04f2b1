"""What PostgreSQL checks of rows that are the sum of others."""

import pgtrigger


def adds_up(header: str, parts: str, key: str, of_header: str, of_part: str, sign: str = "") -> pgtrigger.Trigger:
    """At the end of a transaction, ``cents`` of a header row equal the sum of its parts.

    ``header`` and ``parts`` are tables, ``key`` the column of ``parts`` that names its header; ``of_header`` and
    ``of_part`` are the SQL conditions for the parts that count. Put it on both tables: on the parts' with
    ``of_header`` as the part's own reference.
    """
    return pgtrigger.Trigger(
        name=f"adds_up_{key}",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("wrong", "text")],
        func=(
            "EXECUTE format('SELECT h.id::text FROM %1$I." + header + " AS h "
            "LEFT JOIN %1$I." + parts + " AS p ON p." + key + " = h.id AND " + of_part + " "
            "WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> " + sign + "h.cents', "
            "TG_TABLE_SCHEMA) INTO wrong USING NEW." + of_header + "; "
            "IF wrong IS NOT NULL THEN RAISE EXCEPTION '" + header + " % is not the sum of its parts', wrong "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
        ),
    )


def never_below_zero(key: str) -> pgtrigger.Trigger:
    """At the end of a transaction, no statement has more paid, credited and written off than it asked for.

    ``key`` is the column that names the statement. What is paid over it is credit of the Account.
    """
    return pgtrigger.Trigger(
        name=f"never_below_zero_{key}",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("wrong", "text")],
        func=(
            "EXECUTE format('SELECT s.number FROM %1$I.pos_billing_statement AS s WHERE s.id = $1 "
            "AND s.amount_due_cents < "
            "coalesce((SELECT sum(cents) FROM %1$I.pos_billing_allocation WHERE statement_id = s.id), 0) + "
            "coalesce((SELECT sum(applied_cents) FROM %1$I.pos_billing_creditnote WHERE statement_id = s.id), 0) + "
            "coalesce((SELECT sum(cents) FROM %1$I.pos_billing_writeoff WHERE statement_id = s.id), 0)', "
            "TG_TABLE_SCHEMA) INTO wrong USING NEW." + key + "; "
            "IF wrong IS NOT NULL THEN RAISE EXCEPTION 'statement % would be paid more than it asks for', wrong "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
        ),
    )
