"""Milestone 20 as far as no engine is needed: what the files promise. `make test-stack` tries them for real."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from clients.avatars.uploads import AVATAR_MAX_BYTES

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = Path(__file__).with_name("vendor") / "compose-spec.json"
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
JOBS = {"secrets", "migrate"}
OURS = {"web", "live", "worker", "beat", "migrate"}
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy/proxy/nginx.conf").read_text(encoding="utf-8")
MIB = 1024 * 1024
# Calls such as `environment.flag("DEBUG", …)` and `text("REDIS_URL")`.
READS = re.compile(
    r"\b(?:flag|text|words|required|rate|seconds|networks|origins|directory)\(\s*\"([A-Z_]+)\""
)

every_service = pytest.mark.parametrize("name", sorted(SERVICES))
every_server = pytest.mark.parametrize("name", sorted(SERVICES.keys() - JOBS))


def names_in_settings() -> set[str]:
    files = (ROOT / "mini_crm/settings").glob("*.py")
    return {name for file in files for name in READS.findall(file.read_text(encoding="utf-8"))}


def names_filled_in() -> set[str]:
    """What compose takes from the environment or .env: ${NAME} and ${NAME:-default}."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE_TEXT))


# --- The whole stack --------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_compose_has_web_postgres_and_redis():
    missing = {"web", "postgres", "redis"} - SERVICES.keys()
    assert not missing, (
        f"docker-compose.yml has the services {', '.join(sorted(SERVICES))}; {' and '.join(sorted(missing))} was "
        "expected as well."
    )


@pytest.mark.required
def test_the_compose_file_follows_its_schema():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(COMPOSE)
    ]

    assert not errors, f"docker-compose.yml is not what compose reads: {'; '.join(errors)}."


@pytest.mark.required
def test_what_compose_builds_is_in_the_dockerfile():
    """Each service with `build` names a Dockerfile that is there, and a stage of it that starts something."""
    built = {name: service["build"] for name, service in SERVICES.items() if "build" in service}
    assert built, "No service of docker-compose.yml is built from this project."
    for name, build in built.items():
        asked = {"context": build} if isinstance(build, str) else build
        path = ROOT / asked["context"] / asked.get("dockerfile", "Dockerfile")
        assert path.is_file(), f"{name} is built from {path.name}, which is not there."
        stages = stages_of(path.read_text(encoding="utf-8"))
        target = asked.get("target") or (list(stages) or [""])[-1]
        assert target in stages, (
            f"{name} is built from the stage {target!r}, which {path.name} does not have."
        )
        starts = "command" in SERVICES[name] or re.search(
            r"^(CMD|ENTRYPOINT)\b", stages[target], re.MULTILINE
        )
        assert starts, f"{name}: neither the stage {target!r} nor the service says what is started."


def stages_of(dockerfile: str) -> dict[str, str]:
    """The stages of a Dockerfile, each with its lines; one without a name has its number."""
    parts = re.split(r"^(?=FROM )", dockerfile, flags=re.MULTILINE)[1:]
    names = [re.match(r"FROM \S+(?: AS (\S+))?", part) for part in parts]
    return {
        (found[1] or str(n)) if found else str(n): part
        for n, (found, part) in enumerate(zip(names, parts, strict=True))
    }


@pytest.mark.beyond("comfort")
def test_every_process_of_the_crm_has_a_service_of_its_own():
    assert SERVICES.keys() == JOBS | {"web", "live", "worker", "beat", "postgres", "redis", "proxy"}
    programs = {name: SERVICES[name]["command"][0] for name in OURS - {"migrate"}}
    assert programs == {"web": "gunicorn", "live": "uvicorn", "worker": "celery", "beat": "celery"}


@pytest.mark.beyond("hostile")
def test_only_the_proxy_can_be_reached_and_only_from_this_machine():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert ports == {"proxy": ["127.0.0.1:${PORT:-8000}:8080"]}


# --- Every service ----------------------------------------------------------------------------------------------------
@pytest.mark.beyond("outages")
@every_server
def test_every_server_says_whether_it_is_well(name):
    check = SERVICES[name]["healthcheck"]

    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert (check["start_interval"], check["start_period"]) == ("500ms", "60s")


@pytest.mark.beyond("outages")
@every_service
def test_a_server_is_started_again_and_a_job_is_not(name):
    assert SERVICES[name]["restart"] == ("no" if name in JOBS else "unless-stopped")


@pytest.mark.beyond("comfort")
@every_service
def test_what_a_service_waits_for_is_ready_and_not_merely_started(name):
    for dependency, how in SERVICES[name].get("depends_on", {}).items():
        done = "service_completed_successfully" if dependency in JOBS else "service_healthy"
        assert how == {"condition": done}


@pytest.mark.beyond("hostile")
@every_service
def test_no_service_can_do_more_than_it_has_to(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert {"mem_limit", "pids_limit", "logging"} <= service.keys()


@pytest.mark.beyond("comfort")
def test_nothing_starts_before_the_database_is_migrated_once():
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert [name for name in SERVICES if "migrate" in " ".join(SERVICES[name].get("command", []))] == [
        "migrate"
    ]


@pytest.mark.beyond("hostile")
def test_the_database_and_the_queue_have_no_way_in_and_none_out():
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if service.get("networks") == ["back"]} == {
        "postgres",
        "redis",
    }
    assert SERVICES["proxy"]["networks"] == ["front"]


@pytest.mark.beyond("outages")
def test_what_has_to_outlive_a_container_lies_in_a_named_volume():
    mounted = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert mounted == set(COMPOSE["volumes"])
    assert "postgres:/var/lib/postgresql/data" in SERVICES["postgres"]["volumes"]
    assert "redis:/data" in SERVICES["redis"]["volumes"]


@pytest.mark.beyond("hostile")
def test_the_proxy_sees_avatars_and_no_reports():
    assert SERVICES["proxy"]["volumes"] == ["avatars:/srv/media/avatars:ro"]


@pytest.mark.beyond("hostile")
def test_secrets_can_be_written_by_the_first_start_alone():
    mounts = {
        name: mount
        for name, service in SERVICES.items()
        for mount in service.get("volumes", [])
        if mount.startswith("secrets:")
    }

    assert mounts.pop("secrets") == "secrets:/run/crm"
    assert set(mounts) == OURS | {"postgres", "redis"}
    assert set(mounts.values()) == {"secrets:/run/crm:ro"}


# --- Names ------------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_compose_hands_over_what_the_settings_read_and_nothing_else():
    readers = {
        *names_in_settings(),
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "TIME_ZONE",
        "REPORT_RECIPIENTS",
    }

    for name in OURS:
        assert SERVICES[name]["environment"].keys() == readers - {"DEBUG"}, name


@pytest.mark.beyond("comfort")
def test_every_name_that_compose_fills_in_is_explained():
    explained = set(
        re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )

    # PORT is make's and compose's own.
    assert names_filled_in() - explained == {"PORT"}


@pytest.mark.beyond("hostile")
def test_no_name_has_a_secret_as_its_default():
    defaults = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", COMPOSE_TEXT))

    assert {defaults[name] for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")} == {""}
    assert (defaults["HTTPS_ONLY"], defaults["CRM_DEMO"], defaults["API_PUBLIC_READ"]) == ("0", "0", "0")


# --- The images -------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_the_images_are_built_in_stages_on_pinned_ones():
    assert re.findall(r"^FROM (\S+) AS (\w+)$", DOCKERFILE, re.MULTILINE) == [
        ("python:3.13-slim", "packages"),
        ("python:3.13-slim", "app"),
        ("nginx:1.28", "proxy"),
    ]
    assert (SERVICES["postgres"]["image"], SERVICES["redis"]["image"]) == ("postgres:17", "redis:8")


@pytest.mark.beyond("comfort")
def test_each_image_is_built_once_and_never_pulled():
    built = {
        service["image"]: service["build"]["target"] for service in SERVICES.values() if "build" in service
    }

    assert built == {"mini-crm": "app", "mini-crm-proxy": "proxy"}
    assert {SERVICES[name]["image"] for name in OURS | {"secrets"}} == {"mini-crm"}
    assert "pull_policy" not in COMPOSE_TEXT
    assert "# syntax" not in DOCKERFILE


@pytest.mark.beyond("hostile")
def test_packages_are_installed_by_hash_before_the_code_is_copied():
    assert "--require-hashes" in DOCKERFILE
    assert DOCKERFILE.index("pip install") < DOCKERFILE.index("COPY . .")


@pytest.mark.beyond("hostile")
def test_nobody_in_the_images_is_root():
    stages = DOCKERFILE.split("FROM ")[1:]

    assert re.findall(r"^USER (\S+)$", stages[1], re.MULTILINE) == ["10001"]
    assert re.findall(r"^USER (\S+)$", stages[2], re.MULTILINE) == ["nginx"]


@pytest.mark.beyond("hostile")
def test_no_secret_gets_into_a_layer():
    kept = re.findall(r"^(?:ARG|ENV)\b(?:.*\\\n)*.*", DOCKERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert not re.search("SECRET|PASSWORD|TOKEN|_URL", "".join(kept))
    assert next(line for line in ignored if not line.startswith("#")) == "*"
    assert {"!.env", "!.git", "!media", "!db.sqlite3"}.isdisjoint(ignored)


# --- The proxy --------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_the_proxy_lets_through_a_little_more_than_the_largest_avatar():
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", NGINX).group(1))

    assert AVATAR_MAX_BYTES < megabytes * MIB <= AVATAR_MAX_BYTES + MIB


@pytest.mark.beyond("comfort")
def test_sockets_go_to_live_and_the_rest_to_web():
    assert re.search(r"location / \{\s+proxy_pass http://\$web;", NGINX)
    assert re.search(r"location /ws/ \{\s+proxy_pass http://\$live;", NGINX)


@pytest.mark.beyond("hostile")
def test_the_proxy_passes_on_the_address_it_has_seen_and_not_the_one_it_was_told():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_set_header X-Forwarded-Proto $forwarded_proto;" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX


@pytest.mark.beyond("scale")
def test_the_export_is_not_held_back_by_the_proxy():
    export = re.search(r"location = /clients/export\.csv \{(.*?)\}", NGINX, re.DOTALL).group(1)

    assert "proxy_buffering off;" in export
    assert "proxy_read_timeout 600s;" in export
    assert "text/csv" not in re.search(r"gzip_types (.*?);", NGINX).group(1)
