"""The tables of docs/register-import.md, out of the format itself; a test holds the document against it."""

from pos_billing.register.format import KINDS

BEGIN, END = "<!-- kinds: begin -->", "<!-- kinds: end -->"


def kinds_table() -> str:
    """A heading and a table of columns for each kind of records."""
    parts = []
    for name, kind in KINDS.items():
        rows = "\n".join(
            f"| `{column}` | {'yes' if spec.needed else ''} | {spec.meaning.replace('|', chr(92) + '|')} |"
            for column, spec in kind.columns.items()
        )
        parts.append(f"### `{name}`\n\n{kind.meaning}\n\n| column | needed | meaning |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def filled(document: str) -> str:
    """The document with the tables as they are now between its marks."""
    before, rest = document.split(BEGIN, 1)
    return f"{before}{BEGIN}\n\n{kinds_table()}\n{END}{rest.split(END, 1)[1]}"
