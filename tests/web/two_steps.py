"""Living through a change in two steps: what it changes is shown, then exactly that is saved."""

from __future__ import annotations

from typing import Any


def shown(client: Any, address: str, asked: dict[str, Any]) -> str:
    """The page that says what a change would do; nothing is saved by it."""
    answer = client.post(address, asked)
    page = answer.content.decode()
    assert answer.status_code == 200, page
    assert "Nothing is saved yet" in page
    return page


def token_of(page: str) -> str:
    """The hidden signature of what was shown."""
    return page.split('name="seen" value="')[1].split('"')[0]


def saved(client: Any, address: str, asked: dict[str, Any], *, confirmed: bool = False) -> str:
    """Both steps; returns the page of the first."""
    page = shown(client, address, asked)
    second = {**asked, "save": "1", "seen": token_of(page)} | ({"confirmed": "1"} if confirmed else {})
    answer = client.post(address, second)
    assert answer.status_code == 302, answer.content.decode()
    return page
