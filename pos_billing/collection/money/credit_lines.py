"""Which lines of a statement a credit note takes back when only a sum is said. Pure."""

from collections.abc import Mapping


def spread(cents: int, creditable: Mapping[int, int]) -> dict[int, int]:
    """Divide ``cents`` over lines in proportion to what can be credited of each (line id to cents, all positive).

    The parts sum up to ``cents`` exactly and none is more than what its line allows: each gets its share rounded
    down, and the cents left over go to the lines whose shares lost most (the first of them on a tie). Lines that get
    nothing are left out. Raises ``ValueError`` when the lines do not allow that much.
    """
    whole = sum(creditable.values())
    if not 0 < cents <= whole:
        raise ValueError(f"{cents} cents cannot be credited of {whole}")
    shares = {line: cents * part // whole for line, part in creditable.items()}
    lost = sorted(creditable, key=lambda line: (-(cents * creditable[line] % whole), line))
    for line in lost[: cents - sum(shares.values())]:
        shares[line] += 1
    return {line: share for line, share in shares.items() if share}
