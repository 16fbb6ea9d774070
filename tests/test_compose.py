"""docker-compose.yml and the Dockerfile say what the settings and the commands say. (No container engine runs in the tests.)"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = ("migrate", "web", "worker", "sweeper")
OTHERS = ("proxy", "postgres", "redis")

PRODUCTION = {
    "CARTGUIDE_SECRET_KEY": "k3" * 30,
    "CARTGUIDE_KEY_RING": "one:" + "cd" * 32,
    "CARTGUIDE_ALLOWED_HOSTS": "guide.example.org",
    "CARTGUIDE_DATABASE_URL": "postgresql://u:p@postgres/cartguide",
    "CARTGUIDE_KEYS_DATABASE_URL": "postgresql://u:p@postgres/cartguide_keys",
    "CARTGUIDE_MEDIA_ROOT": "/data",
    "CARTGUIDE_BROKER_URL": "redis://redis:6379/0",
    "CARTGUIDE_EMAIL_HOST": "mail.example.org",
    "CARTGUIDE_FROM_EMAIL": "guide@example.org",
}


def start_production(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CARTGUIDE_", "DJANGO_"))}
    environment |= PRODUCTION | {"DJANGO_SETTINGS_MODULE": "portal.settings.production"}
    for key, value in changes.items():
        environment.pop(key, None)
        if value is not None:
            environment[key] = value
    command = [sys.executable, "-W", "ignore", "-c", "import django; django.setup()"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_production_starts_with_its_settings() -> None:
    assert start_production().returncode == 0, start_production().stderr[-500:]


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, None) for name in PRODUCTION]
    + [
        ("CARTGUIDE_SECRET_KEY", "changeme" * 10),
        ("CARTGUIDE_SECRET_KEY", "sixteen-or-fewer"),
        ("CARTGUIDE_KEY_RING", "one:" + "default" * 8),
    ],
)
def test_production_refuses_to_start_without_its_settings(name: str, value: str | None) -> None:
    ended = start_production(**{name: value})
    assert ended.returncode != 0
    assert name in ended.stderr
    assert value is None or value not in ended.stderr


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("z9" * 30 + "\n", encoding="utf-8")
    assert start_production(CARTGUIDE_SECRET_KEY=None, CARTGUIDE_SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0


def test_services_are_the_ones_the_product_needs() -> None:
    assert set(COMPOSE["services"]) == {*OURS, *OTHERS}
    assert set(COMPOSE["volumes"]) == {"postgres", "redis", "files", "certificates", "proxy"}


@pytest.mark.asvs("13.2.2", "15.2.5")
@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_limited_and_written_to_by_nobody(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert name == "migrate" or "healthcheck" in service


@pytest.mark.asvs("13.2.1")
def test_only_the_proxy_is_reached_from_outside_and_only_who_must_reaches_the_world() -> None:
    services = COMPOSE["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    on = {network: {name for name, one in services.items() if network in one["networks"]} for network in COMPOSE["networks"]}
    assert on == {"front": {"proxy", "web"}, "inside": {*OURS, "postgres", "redis"}, "out": {"proxy", "web", "sweeper"}}
    assert COMPOSE["networks"]["front"]["internal"] and COMPOSE["networks"]["inside"]["internal"]


def test_no_secret_stands_in_the_environment() -> None:
    for name, service in COMPOSE["services"].items():
        for key in service.get("environment", {}):
            assert key.endswith("_FILE") or not re.search(r"SECRET|PASSWORD|TOKEN|RING|DATABASE_URL", key), f"{name}: {key}"


def test_files_of_patients_may_be_in_a_bucket(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("k3" * 20, encoding="ascii")
    bucket = {"CARTGUIDE_BUCKET": "patients", "CARTGUIDE_BUCKET_URL": "https://s3.example.org", "CARTGUIDE_BUCKET_KEY_ID": "one"}
    given: dict[str, str | None] = {**bucket, "CARTGUIDE_MEDIA_ROOT": None, "CARTGUIDE_BUCKET_SECRET_FILE": str(tmp_path / "secret")}
    assert start_production(**given).returncode == 0
    ended = start_production(**bucket, CARTGUIDE_BUCKET_SECRET="changeme" * 4)
    assert "CARTGUIDE_BUCKET_SECRET" in ended.stderr


def test_what_watches_asks_by_an_address_inside(client: Any, settings: Any) -> None:
    """The health check of the container and Prometheus know no host name of the site."""
    settings.ALLOWED_HOSTS = ["guide.example.org"]
    check = COMPOSE["services"]["web"]["healthcheck"]["test"][-1]
    host, path = re.findall(r"http://([^/]+)(/\w+)", check)[0]
    assert client.get(path, headers={"Host": host}).status_code == 200
    assert client.get("/metrics", headers={"Host": "web:8000"}).status_code == 404, "no token"
    assert client.get("/accounts/login/", headers={"Host": host}).status_code == 400


def test_secrets_made_by_the_runbook_are_those_that_production_starts_with(tmp_path: Path) -> None:
    runbook = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    lines = re.search(r"^## Set up\n.*?^```sh\n(.*?)^```", runbook, re.M | re.S)
    assert lines
    made = subprocess.run(["bash", "-euo", "pipefail", "-c", lines[1]], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert made.returncode == 0, made.stderr
    assert {one["file"] for one in COMPOSE["secrets"].values()} == {f"./secrets/{path.name}" for path in (tmp_path / "secrets").iterdir()}
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    files = {key: value for key, value in COMPOSE["services"]["web"]["environment"].items() if key.endswith("_FILE")}
    given: dict[str, str | None] = {key: value.replace("/run/secrets", f"{tmp_path}/secrets") for key, value in files.items()}
    ended = start_production(**dict.fromkeys(key.removesuffix("_FILE") for key in given), **given)
    assert ended.returncode == 0, ended.stderr[-500:]


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_closed_in(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["user"] == "10001:10001"
    assert "files:/data" in service["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_environment_names_are_those_that_production_reads(name: str) -> None:
    said = set(COMPOSE["services"][name]["environment"])
    names = {re.sub(r"_FILE$", "", key) for key in said if key.startswith("CARTGUIDE_")}
    settings = "".join((ROOT / f"portal/settings/{one}.py").read_text(encoding="utf-8") for one in ("production", "environment"))
    read = {f"CARTGUIDE_{key}" for key in re.findall(r'(?:setting|secret|listed|is_on)\("(\w+)"', settings)}
    assert names <= read
    assert set(PRODUCTION) <= names
    mounted = {f"/run/secrets/{one}" for one in COMPOSE["services"][name]["secrets"]}
    files = {value for key, value in COMPOSE["services"][name]["environment"].items() if key.endswith("_FILE")}
    assert files <= mounted
    assert set(COMPOSE["services"][name]["secrets"]) <= set(COMPOSE["secrets"])


def test_broker_keeps_what_it_was_given() -> None:
    command = COMPOSE["services"]["redis"]["command"]
    for option, value in (("--appendonly", "yes"), ("--appendfsync", "everysec"), ("--maxmemory-policy", "noeviction")):
        assert command[command.index(option) + 1] == value


def test_worker_gets_more_time_to_stop_than_it_takes() -> None:
    from django.conf import settings

    from portal.management.commands.serve import worker

    service = worker(2, Path("alive"))
    stops_after = int(COMPOSE["services"]["worker"]["stop_grace_period"].rstrip("s"))
    assert stops_after > service.grace > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT
    assert service.environment["REMAP_SIGTERM"] == "SIGQUIT"
    assert service.command[list(service.command).index("-Q") + 1] == settings.CELERY_TASK_DEFAULT_QUEUE


def test_worker_touches_the_file_that_its_health_check_looks_at() -> None:
    worker = COMPOSE["services"]["worker"]
    alive = worker["command"][worker["command"].index("--alive") + 1]
    assert f"stat -c %Y {alive}" in worker["healthcheck"]["test"][1]


def test_databases_of_the_compose_file_exist() -> None:
    assert COMPOSE["services"]["postgres"]["environment"]["POSTGRES_DB"] == "cartguide"
    assert "cartguide_keys" in COMPOSE["configs"]["keys_database"]["content"]


def test_tests_and_compose_use_the_same_postgresql() -> None:
    assert COMPOSE["services"]["postgres"]["image"].startswith("postgres:15")


@pytest.mark.parametrize("name", ["web", "worker", "sweeper"])
def test_commands_exist(name: str) -> None:
    from django.core.management import get_commands

    words = COMPOSE["services"][name].get("command") or (ROOT / "Dockerfile").read_text(encoding="utf-8")
    if name == "web":
        assert "gunicorn" in words
    else:
        assert words[2] in get_commands()


def test_image_runs_as_nobody_and_copies_only_the_product() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", dockerfile, re.M)
    assert "--require-hashes" in dockerfile
    copied = set(re.findall(r"^COPY (?!--from)(?:\S+ )*?(\w+) \w+$", dockerfile, re.M))
    assert copied == {"portal", "records", "personalize", "templates"}
    assert all((ROOT / one).is_dir() for one in copied)
