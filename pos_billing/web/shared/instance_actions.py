"""What staff may do to an Instance, by the last part of the address, and what of it fits how the Instance stands.

The commands are in ``staff.instances``; the page of the Instance, which is a Seller's, offers them.
"""

from typing import Any

TITLES = {
    "rename": "Rename",
    "tags": "Tags",
    "environment": "Change the environment",
    "unpublish": "Unpublish",
    "publish": "Publish",
    "transfer": "Transfer to a Partner",
    "place": "Place on a dedicated environment",
    "take-off": "Take off the dedicated environment",
    "delete": "Delete",
    "undelete": "Undelete",
    "domain-add": "Add a Domain",
    "domain-correct": "Correct a Domain's day",
    "domain-remove": "Remove a Domain",
}


def actions_for(instance: Any) -> list[tuple[str, str]]:
    """What can be done to the Instance (annotated by ``with_state``) as it stands: address part and title."""
    if instance.deleted_on is not None:
        names = ["undelete", "rename", "tags"]
    else:
        status = "publish" if instance.status != "active" else "unpublish"
        placed = "take-off" if instance.placements.filter(days__upper_inf=True).exists() else "place"
        names = ["rename", "tags", "environment", status, "transfer", placed, "delete"]
    return [(name, TITLES[name]) for name in names]
