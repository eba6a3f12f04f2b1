#!/usr/bin/env python
"""Django's command line for the example site; works from any folder."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command named on the command line."""
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)  # not example_site itself: its modules are example_site.*
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
