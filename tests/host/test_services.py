"""Programs that `make demo` leaves running are found again, stopped, never mistaken for others; the database server."""

import json
import socket
import sys

import httpx
import psutil
import pytest
from django.core.management import CommandError

from example_site import embedded_postgres
from example_site.demo_steps import processes
from example_site.demo_steps.processes import Service


@pytest.fixture
def service(tmp_path, monkeypatch):
    """A small web server as a service, with notes and logs of its own."""
    monkeypatch.setattr(processes, "STATE", tmp_path)
    monkeypatch.setattr(processes, "CHECKOUT", tmp_path)
    monkeypatch.setattr(processes, "FOLDER", tmp_path / "processes")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    service = Service("small", command, f"http://127.0.0.1:{port}/", keeps_running=True)
    yield service
    service.stop()


def number_of(service: Service) -> int:
    return json.loads(service.note.read_text())["pid"]


def test_it_runs_until_it_is_stopped(service):
    assert service.start(lambda words: None).startswith("answers at")
    assert httpx.get(service.address, trust_env=False).status_code == 200
    number = number_of(service)
    assert service.start(lambda words: None).startswith("runs already")
    assert number_of(service) == number
    assert service.stop() is True
    assert not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    assert service.stop() is False


def test_a_number_that_went_to_another_program_is_left_alone(service):
    service.note.parent.mkdir(parents=True)
    service.note.write_text(json.dumps({"pid": psutil.Process().pid, "created": 1.0}))
    assert service.stop() is False


def test_a_stranger_at_the_address_is_said(service):
    service.start(lambda words: None)
    other = Service("other", service.command, service.address)
    with pytest.raises(CommandError, match="Another program answers"):
        other.start(lambda words: None)


def test_a_program_that_fails_shows_its_last_words(service):
    failing = Service("failing", [sys.executable, "-c", "raise SystemExit('no room')"], service.address)
    with pytest.raises(CommandError, match="no room"):
        failing.start(lambda words: None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://user:p%40ss@db.example.com:5433/billing?sslmode=require",
            {"NAME": "billing", "USER": "user", "PASSWORD": "p@ss", "HOST": "db.example.com", "PORT": "5433",
             "OPTIONS": {"sslmode": "require"}},
        ),
        (
            "postgres://postgres@/billing?host=/var/run/postgresql",
            {"NAME": "billing", "USER": "postgres", "PASSWORD": "", "HOST": "/var/run/postgresql", "PORT": ""},
        ),
    ],
)  # fmt: skip
def test_database_urls_are_read(url, expected):
    assert embedded_postgres.connection_settings(url) == expected


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="must begin with postgresql://, not with mysql://"):
        embedded_postgres.connection_settings("mysql://user@host/name")


def test_a_url_of_ones_own_is_used(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://user@db.example.com/billing")
    assert embedded_postgres.database_settings()["NAME"] == "billing"
    assert embedded_postgres.database_settings("other")["NAME"] == "other"


def test_a_server_that_died_is_forgotten_and_a_living_one_is_not(tmp_path):
    class Server:
        pgdata = tmp_path

    note = tmp_path / "postmaster.pid"
    note.write_text(f"{psutil.Process().pid}\n{tmp_path}\n")  # alive, but no PostgreSQL
    embedded_postgres._forget_dead_server(Server)
    assert not note.exists()
