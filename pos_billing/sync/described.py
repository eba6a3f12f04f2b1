"""What a sync found, in words: the same words in the preview, the log, the admin and a proposal."""

from pos_billing.partner_api.compared import Change
from pos_billing.partner_api.kinds import Kind

SENTENCES = {
    Kind.DOMAIN_REMOVED: "{host} is not there any more; it was last seen on {day}.",
    Kind.INSTANCE_APPEARED: "New since {day}: {after}.",
    Kind.INSTANCE_RENAMED: "{before} is now called {after}.",
    Kind.DATA_CENTER_CHANGED: "It moved from {before} to {after}.",
    Kind.ENVIRONMENT_CHANGED: "Its environment is {after} from {day} on; it was {before}.",
    Kind.INSTANCE_TRANSFERRED: "It belongs to {after} from {day} on; it belonged to {before}.",
    Kind.DOMAIN_ADDED: "{host} was added on {day}.",
    Kind.INSTANCE_VANISHED: "The Portal does not know it any more; it was last seen on {day}. Was it deleted that day?",
    Kind.INSTANCE_RETURNED: "It is {before} here, yet the Portal lists it. Was it never deleted?",
    Kind.DOMAIN_DAY_DIFFERS: "{host} was added on {before} here and on {after} in the Portal. Which is right?",
    Kind.DOMAIN_WITHOUT_DAY: "{host} is there, and the Portal does not say since when; we saw it on {day}. Add it?",
    Kind.DOMAIN_ELSEWHERE: "{host} is claimed since {day}, but belongs to {before}: one domain, two Instances.",
    Kind.NOT_CREATED: "{after}",
}


def told(change: Change) -> str:
    """The finding as a sentence. Days are written 2018-12-12."""
    return SENTENCES[change.kind].format(
        host=change.host,
        day=change.day,
        before=change.before or "unknown",
        after=change.after or "unknown",
    )
