"""Why the Portal says no: ``errors`` may be a list, a text or an object, ``error`` a word with scopes, or nothing."""

import json
from typing import Any

LONGEST = 300


def reason_of(content: bytes) -> str:
    """The reason in the body of a refused request, one line, at most ``LONGEST`` characters; empty when none is given.

    A body that is not a JSON object (an HTML page, say) is not quoted.
    """
    try:
        answer = json.loads(content)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    parts = [*_texts(answer.get("errors")), *_texts(answer.get("error"))]
    scopes = ", ".join(_texts(answer.get("required_scopes")))
    if scopes:
        parts.append(f"needs the scopes {scopes}")
    reason = " ".join("; ".join(parts).split())
    return reason if len(reason) <= LONGEST else reason[: LONGEST - 1] + "…"


def _texts(value: Any) -> list[str]:
    """The texts in a list, a text or an object of any of these."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [f"{key}: {text}" for key, item in value.items() for text in _texts(item)]
    return []
