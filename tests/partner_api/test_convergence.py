"""The contract of the comparison, by property: telling every change leaves nothing to tell."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pos_billing.partner_api.comparison import in_order
from pos_billing.partner_api.kinds import PROPOSED, Kind
from pos_billing.partner_api.values import SeenHost
from tests.partner_api.comparing import TODAY, domain, found, registered, seen

HOSTS = st.sampled_from(["a.example.com", "b.example.com", "x.platform-os.com"])
DAYS = st.dates(date(2018, 8, 1), TODAY)
SEEN_HOSTS = st.dictionaries(HOSTS, DAYS | st.none()).map(lambda days: tuple(SeenHost(h, d) for h, d in days.items()))
SEEN = st.builds(
    seen,
    name=st.sampled_from(["shop", "store"]),
    data_center=st.sampled_from([None, "production-sydney", "staging-oregon"]),
    environment=st.sampled_from([None, "production", "staging"]),
    partner_id=st.sampled_from([None, "11", "12", "99"]),
    created_on=DAYS | st.none(),
    hosts=SEEN_HOSTS | st.none(),
    listed_hosts=st.lists(HOSTS, unique=True).map(tuple) | st.none(),
)
OURS = st.none() | st.builds(
    registered,
    deleted_on=st.none() | DAYS,
    domains=st.lists(st.builds(domain, HOSTS, DAYS), unique_by=lambda one: one.host).map(tuple),
)


@given(OURS, SEEN)
def test_telling_every_change_leaves_nothing_to_tell(ours, theirs):
    changes = in_order(found(ours, theirs))
    told = ours
    for change in changes:
        told = _told(told, change, theirs)
    again = [change for change in found(told, theirs) if change.kind not in PROPOSED | {Kind.NOT_CREATED}]
    assert again == []


def _told(ours, change, theirs):
    """The register after a change, as its commands leave it."""
    match change.kind:
        case Kind.INSTANCE_APPEARED:
            return registered(
                name=theirs.name,
                data_center=theirs.data_center or "",
                environment=theirs.environment,
                partner=change.partner,
            )
        case Kind.INSTANCE_RENAMED:
            return replace(ours, name=change.after)
        case Kind.DATA_CENTER_CHANGED:
            return replace(ours, data_center=change.after)
        case Kind.ENVIRONMENT_CHANGED:
            return replace(ours, environment=change.after)
        case Kind.INSTANCE_TRANSFERRED:
            return replace(ours, partner=change.partner)
        case Kind.DOMAIN_ADDED:
            return replace(ours, domains=(*ours.domains, domain(change.host, change.day)))
        case Kind.DOMAIN_REMOVED:
            return replace(
                ours,
                domains=tuple(
                    replace(one, removed_on=change.day) if one.host == change.host else one for one in ours.domains
                ),
            )
    return ours
