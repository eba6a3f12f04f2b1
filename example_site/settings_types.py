"""Settings under which types are checked: the example host's, and a database address that nothing ever connects to."""

import os

os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/types"

from example_site.settings import *  # noqa: F403
