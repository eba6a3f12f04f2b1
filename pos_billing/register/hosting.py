"""Domains, dedicated environments and placements of a file."""

from pos_billing.facts.changes import NOTHING_AFTERWARDS, Change, Rows
from pos_billing.facts.staged import AFTER_REMOVAL, BEFORE_CREATION
from pos_billing.instances import domain_changes, removal
from pos_billing.instances.models import Placement
from pos_billing.register.checks import (
    refuse_days_outside,
    refuse_doubles,
    refuse_overlaps,
    refuse_unknown_partners,
    refuse_unknown_things,
    sentence,
)
from pos_billing.register.report import Problem
from pos_billing.register.staging import Staged, table_of

DOMAIN, DEDICATED, PLACEMENT = table_of("domain"), table_of("dedicated_environment"), table_of("placement")


def import_domains(staged: Staged) -> None:
    """Add Domains and correct their days.

    A row is the Domain that the Instance had with that host on overlapping days, if there is one (then its days are
    corrected), otherwise a new one. Deletion of an Instance sets its host names free.
    """
    staged.find_things("domain")
    refuse_unknown_things(staged, "domain")
    refuse_doubles(staged, "domain", "host", "thing", "host", "added_on")
    staged.execute(f"ALTER TABLE {DOMAIN} ADD known bigint")
    staged.execute(
        f"""
        UPDATE {DOMAIN} AS row SET known = matched.id FROM (
            SELECT DISTINCT ON (id) id, number FROM (
                SELECT DISTINCT ON (row.number) row.number, known.id, known.added_on = row.added_on AS exactly
                FROM {DOMAIN} AS row JOIN pos_billing_instances_domain AS known
                ON known.instance_id = row.thing AND known.host = row.host AND (known.added_on = row.added_on
                    OR daterange(known.added_on, known.removed_on) && daterange(row.added_on, row.removed_on))
                WHERE NOT row.refused
                ORDER BY row.number, known.added_on <> row.added_on, known.added_on
            ) AS nearest ORDER BY id, exactly DESC, number
        ) AS matched WHERE matched.number = row.number
        """
    )
    domain_changes.make_stage()
    _stage_rows(staged)
    _stage_deletions(staged)
    domain_changes.finish_stage()
    staged.refuse_rows(
        Problem("domain", found.row, found.field, found.message)
        if found.row > 0
        else Problem("instance", -found.row, "deleted_on", found.message)
        for found in domain_changes.problems()
    )
    staged.report.add("domain", domain_changes.apply())


def _stage_rows(staged: Staged) -> None:
    """Stage the rows of the file. Where one does not say until when: as it is known, or until the deletion."""
    staged.execute(
        f"INSERT INTO {domain_changes.STAGED} (row, thing, known, host, added_on, removed_on, ended_by_deletion) "
        "SELECT row.number, row.thing, row.known, row.host, row.added_on, "
        "CASE WHEN by_itself THEN COALESCE(row.removed_on, known.removed_on) ELSE instance.deleted_on END, "
        "NOT by_itself AND instance.deleted_on IS NOT NULL "
        f"FROM {DOMAIN} AS row JOIN pos_billing_instances_instance AS instance ON instance.id = row.thing "
        "LEFT JOIN pos_billing_instances_domain AS known ON known.id = row.known CROSS JOIN LATERAL (SELECT "
        "row.removed_on IS NOT NULL OR (known.removed_on IS NOT NULL AND NOT known.ended_by_deletion) AS by_itself"
        ") AS ends WHERE NOT row.refused"
    )


def _stage_deletions(staged: Staged) -> None:
    """Stage the other Domains of Instances that the file deletes, under the negative number of the Instance's row."""
    staged.execute(
        f"INSERT INTO {domain_changes.STAGED} (row, thing, known, host, added_on, removed_on, ended_by_deletion) "
        "SELECT -row.number, row.thing, known.id, known.host, known.added_on, "
        f"greatest(known.added_on, row.deleted_on), true FROM {table_of('instance')} AS row "
        "JOIN pos_billing_instances_domain AS known ON known.instance_id = row.thing "
        "WHERE NOT row.refused AND row.deleted_on IS NOT NULL "
        "AND (known.removed_on IS NULL OR known.ended_by_deletion) "
        f"AND known.id NOT IN (SELECT known FROM {DOMAIN} WHERE known IS NOT NULL)"
    )


def import_dedicated_environments(staged: Staged) -> None:
    """Insert and update dedicated environments; new ones join ``pos_billing_following``."""
    staged.find_things("dedicated_environment")
    refuse_doubles(staged, "dedicated_environment", "uuid", "uuid")
    refuse_unknown_partners(staged, "dedicated_environment")
    staged.refuse(
        "dedicated_environment",
        "partner",
        "{one} belongs to another Partner: it cannot be moved.",
        "SELECT row.number, known.name, NULL FROM {table} AS row JOIN pos_billing_instances_dedicatedenvironment "
        "AS known ON known.id = row.thing WHERE known.partner_id <> row.partner_id",
    )
    staged.execute(f"DROP TABLE IF EXISTS {removal.REMOVED}")
    staged.execute(
        f"CREATE TEMPORARY TABLE {removal.REMOVED} ON COMMIT DROP AS SELECT row.thing, row.removed_on AS day "
        f"FROM {DEDICATED} AS row JOIN pos_billing_instances_dedicatedenvironment AS known ON known.id = row.thing "
        "WHERE NOT row.refused AND row.removed_on IS NOT NULL AND row.removed_on IS DISTINCT FROM known.removed_on"
    )
    altered = staged.execute(
        "UPDATE pos_billing_instances_dedicatedenvironment AS known SET name = row.name, created_on = row.created_on, "
        "removed_on = COALESCE(row.removed_on, known.removed_on), "
        f"data_center = COALESCE(row.data_center, known.data_center) FROM {DEDICATED} AS row "
        "WHERE known.id = row.thing AND NOT row.refused AND (known.name, known.created_on, known.removed_on, "
        "known.data_center) IS DISTINCT FROM (row.name::varchar, row.created_on, "
        "COALESCE(row.removed_on, known.removed_on), COALESCE(row.data_center, known.data_center)::varchar)"
    )
    added = staged.execute(
        "INSERT INTO pos_billing_instances_dedicatedenvironment "
        "(uuid, name, partner_id, created_on, removed_on, data_center) "
        "SELECT uuid, name, partner_id, created_on, removed_on, COALESCE(data_center, '') "
        f"FROM {DEDICATED} WHERE thing IS NULL AND NOT refused ORDER BY number"
    )
    staged.find_things("dedicated_environment")
    staged.execute(f"INSERT INTO pos_billing_following SELECT 'dedicated', thing FROM {DEDICATED} WHERE NOT refused")
    staged.report.add("dedicated_environment", Rows(added, altered))
    staged.report.add("placement", removal.placements_follow())


def import_placements(staged: Staged) -> None:
    """Apply the days Instances stand on dedicated environments; they end with the environment."""
    staged.execute(f"ALTER TABLE {PLACEMENT} ADD stands_on bigint")
    staged.find_things("placement")
    refuse_unknown_things(staged, "placement")
    staged.execute(
        f"UPDATE {PLACEMENT} AS row SET stands_on = known.id FROM pos_billing_instances_dedicatedenvironment AS known "
        "WHERE known.uuid = row.dedicated_environment"
    )
    staged.refuse(
        "placement",
        "dedicated_environment",
        "{one} is not a dedicated environment of the register or of this file.",
        "SELECT number, dedicated_environment::text, NULL FROM {table} WHERE stands_on IS NULL",
    )
    refuse_overlaps(staged, "placement", "thing")
    refuse_days_outside(staged, "placement")
    known = "JOIN pos_billing_instances_dedicatedenvironment AS known ON known.id = row.stands_on WHERE NOT row.refused"
    staged.refuse(
        "placement",
        "from",
        sentence(BEFORE_CREATION),
        f"SELECT row.number, known.name, known.created_on FROM {{table}} AS row {known} "
        "AND row.start < known.created_on",
    )
    staged.refuse(
        "placement",
        "from",
        sentence(AFTER_REMOVAL),
        f"SELECT row.number, known.name, known.removed_on FROM {{table}} AS row {known} "
        "AND row.start >= known.removed_on",
    )
    made = Change(Placement, "instance_id", ["dedicated_environment_id"]).make(
        "SELECT row.thing, row.start, row.until, known.removed_on AS ends, false AS void, "
        f"row.stands_on AS dedicated_environment_id FROM {PLACEMENT} AS row {known}",
        afterwards=NOTHING_AFTERWARDS,
    )
    staged.report.add("placement", made)
    _refuse_strangers(staged)


def _refuse_strangers(staged: Staged) -> None:
    """Refuse rows that leave an Instance on another Partner's dedicated environment."""
    strangers = (
        "JOIN pos_billing_instances_placement AS placed ON placed.instance_id = row.thing "
        "JOIN pos_billing_instances_dedicatedenvironment AS known ON known.id = placed.dedicated_environment_id "
        "JOIN pos_billing_instances_ownership AS owned ON owned.instance_id = row.thing AND owned.days && placed.days "
        "WHERE NOT row.refused AND owned.partner_id <> known.partner_id"
    )
    staged.refuse(
        "placement",
        "dedicated_environment",
        "{one} is another Partner's than the Instance from {two} on.",
        "SELECT DISTINCT ON (row.number) row.number, known.name, greatest(lower(owned.days), lower(placed.days)) "
        f"FROM {{table}} AS row {strangers} AND placed.dedicated_environment_id = row.stands_on ORDER BY row.number",
    )
    staged.refuse(
        "owner",
        "from",
        "it is placed on {one} then, which is not the new Partner's: end that by {two}.",
        "SELECT DISTINCT ON (row.number) row.number, known.name, lower(owned.days) "
        f"FROM {{table}} AS row {strangers} AND owned.partner_id = row.partner_id ORDER BY row.number",
    )
