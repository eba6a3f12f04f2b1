"""The demo's register of Instances."""

from io import StringIO

from django.core.management import CommandError, call_command

from example_site.demo_steps.demo import Demo
from example_site.embedded_postgres import CHECKOUT

FOLDER = CHECKOUT / "example_site" / "demo"


def load(demo: Demo) -> str:
    """Import the register file and the usage logs; importing them again changes nothing."""
    file = next(iter(sorted(FOLDER.glob("register.*"))), None)
    if file is None:
        raise CommandError(f"There is no register file in {FOLDER}.")
    said = StringIO()
    call_command(
        "import_register",
        str(file),
        create_partners=True,
        by="make demo",
        why="the demo's register",
        verbosity=0,
        stdout=said,
    )
    for line in said.getvalue().splitlines():
        demo.tell(line)
    usage = FOLDER / "usage.csv"
    call_command("import_usage", str(usage), by="make demo", why="the demo's usage logs", verbosity=0)
    return f"{file.name} and {usage.name} imported"
