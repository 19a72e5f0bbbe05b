"""What can be said of the container files without an engine: who runs, what is checked, that every setting exists."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.kernel.settings import Settings
from scripts import pin_images
from scripts.check_image import instructions

ROOT = Path(__file__).parent.parent.parent
FILES = (
    "Dockerfile",
    "compose.yaml",
    ".dockerignore",
    "Makefile",
    ".ci/run",
    "requirements.lock",
    "requirements-dev.lock",
)
# What the template of its configuration names.
OF_THE_PROXY = {
    name.lower() for name in re.findall(r"\$\{AWARD_(\w+)\}", (ROOT / "proxy" / "nginx.conf.template").read_text())
}
SECRETS = re.compile(r"PASSWORD|SECRET|ACCESS_KEY")


def stage(number: int) -> list[tuple[str, str]]:
    """The instructions of one stage, its FROM first."""
    starts = [index for index, (word, _) in enumerate(instructions()) if word == "FROM"]
    ends = [*starts[1:], len(instructions())]
    return instructions()[starts[number] : ends[number]]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return document


def test_the_image_runs_as_a_numbered_user_who_is_not_root() -> None:
    (user,) = [rest for word, rest in stage(-1) if word == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    words = [word for word, _ in stage(-1)]
    assert words.index("USER") > max(index for index, word in enumerate(words) if word == "RUN")


def test_the_image_is_small_and_installs_by_hash() -> None:
    assert all("-slim" in rest for word, rest in instructions() if word == "FROM")
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert installs and all("--require-hashes" in rest and "--no-deps" in rest for rest in installs)
    assert not any("pip install" in rest for word, rest in stage(-1) if word == "RUN")


def test_the_health_check_asks_the_service() -> None:
    (check,) = [rest for word, rest in stage(-1) if word == "HEALTHCHECK"]
    assert "/livez" in check and "CMD" in check


def test_the_health_check_is_python_that_compiles() -> None:
    (check,) = [rest for word, rest in stage(-1) if word == "HEALTHCHECK"]
    command: list[str] = yaml.safe_load(check.partition("CMD")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")


def test_what_the_image_copies_exists_and_is_let_through() -> None:
    let_through = (ROOT / ".dockerignore").read_text().splitlines()
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            *sources, _ = rest.split()
            for source in sources:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in let_through, source


def test_every_setting_of_the_compose_file_exists(compose: dict[str, Any]) -> None:
    named = {
        name.removeprefix("AWARD_").lower()
        for service in compose["services"].values()
        for name in service.get("environment", {})
        if name.startswith("AWARD_")
    } - OF_THE_PROXY
    assert named and named <= set(Settings.model_fields)


def test_the_compose_settings_are_taken(compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in compose["services"]["award"]["environment"].items():
        demanded = re.sub(r"\$\{\w+:\?[^}]*\}", "x", value)
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", demanded))
    settings = Settings(_env_file=None)
    known = "sslmode=verify-full&sslrootcert=/etc/award-inside/authority.pem"
    assert settings.database_url == f"postgresql+psycopg://award_service:x@database:5432/award?{known}"
    assert settings.log_level == "INFO"


def test_the_service_has_an_account_that_owns_nothing_and_migrations_have_their_own(compose: dict[str, Any]) -> None:
    services = compose["services"]
    owner = "AWARD_MIGRATION_DATABASE_URL"
    assert [name for name, item in services.items() if owner in item.get("environment", {})] == ["migrate"]
    assert services["migrate"]["environment"][owner].startswith("postgresql+psycopg://award_owner:")
    assert services["database"]["environment"]["POSTGRES_USER"] not in ("award_service", "award_owner")
    assert "./database/accounts.sql:/docker-entrypoint-initdb.d/accounts.sql:ro" in services["database"]["volumes"]
    made = re.findall(r"^CREATE ROLE (\w+) LOGIN NOSUPERUSER", (ROOT / "database" / "accounts.sql").read_text(), re.M)
    assert sorted(made) == ["award_owner", "award_service"]


def test_the_proxy_is_given_what_its_template_names_and_is_the_one_that_is_trusted(compose: dict[str, Any]) -> None:
    proxy, award = compose["services"]["proxy"], compose["services"]["award"]
    given = {name.removeprefix("AWARD_").lower() for name in proxy["environment"] if name.startswith("AWARD_")}
    assert given == OF_THE_PROXY
    (address,) = [network["ipv4_address"] for network in proxy["networks"].values()]
    assert award["environment"]["AWARD_TRUSTED_PROXIES"] == address
    assert set(proxy["networks"]) <= set(award["networks"])
    assert all(port.startswith("127.0.0.1:") for port in award["ports"])


def test_what_calls_nobody_has_no_way_out(compose: dict[str, Any]) -> None:
    services, networks = compose["services"], compose["networks"]
    closed = {name for name, network in networks.items() if (network or {}).get("internal")}
    on = {name: set(service["networks"]) for name, service in services.items()}
    assert {name for name, where in on.items() if where <= closed} == {"migrate", "backup", "database", "storage"}
    # Who has a way out: the proxy and the service, whose ports are published, and who tells the units.
    assert {name: where - closed for name, where in on.items() if where - closed} == {
        "proxy": {"front"},
        "award": {"front"},
        "webhooks": {"outward"},
    }
    assert on["proxy"].isdisjoint(closed)


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRETS.search(name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
    assert not re.search(r"\$\{\w*(PASSWORD|SECRET|ACCESS_KEY)\w*(:?-|\})", (ROOT / "compose.yaml").read_text())


def test_keys_are_mounted_where_they_are_needed(compose: dict[str, Any]) -> None:
    """Who migrates needs none, who tells the units opens their secrets, who keeps backups names all of them."""
    mounted = {
        name: {volume.partition(":")[0] for volume in service.get("volumes", [])} & {"keys", "data-keys"}
        for name, service in compose["services"].items()
    }
    assert {name: keys for name, keys in mounted.items() if keys} == {
        "award": {"keys", "data-keys"},
        "backup": {"keys", "data-keys"},
        "webhooks": {"data-keys"},
    }
    settings = compose["services"]["award"]["environment"]
    for volume, setting in (("keys", "AWARD_KEYS_FILE"), ("data-keys", "AWARD_DATA_KEYS_FILE")):
        (place,) = {
            item.partition(":")[2] for item in compose["services"]["award"]["volumes"] if item.startswith(f"{volume}:")
        }
        assert Path(settings[setting]).parent == Path(place)
        # The folder is in the image with its owner, so that the volume takes both over.
        assert any(place in rest for word, rest in stage(-1) if word == "RUN")


def test_every_service_that_stays_is_checked(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["database"]["image"].startswith("postgres:17")
    for name in ("database", "storage"):
        assert services[name]["healthcheck"]["test"][0] == "CMD"
    # The service's own check is the image's.
    assert "healthcheck" not in services["award"]


def test_migrations_run_once_and_before_the_service(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["command"][-1] == "migrate"
    assert services["migrate"]["restart"] == "no"
    assert services["award"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    for service in services.values():
        for other, how in service.get("depends_on", {}).items():
            assert other in services
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other]


def test_images_are_pinned_and_name_no_registry(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    for image in images:
        name, _, tag = image.partition(":")
        assert tag and tag != "latest", image
        assert "." not in name.split("/")[0], image


def test_every_image_from_elsewhere_is_taken_by_a_digest_that_has_no_default(compose: dict[str, Any]) -> None:
    ours = {service["image"] for service in compose["services"].values() if "build" in service}
    assert ours == {"huichang-quality-award:local"}
    wanted = r"(\S+:\S+)@\$\{([A-Z]+_DIGEST):\?[^}]+\}"
    named = [service["image"] for service in compose["services"].values() if "build" not in service]
    found = {match[2]: match[1] for image in named if (match := re.fullmatch(wanted, image))}
    assert len(found) == len(named) == 3
    # Of the Dockerfile: an argument without a value, which compose demands; both stages stand on one image.
    first = [rest for word, rest in instructions() if word == "FROM"]
    assert {rest.split()[0] for rest in first} == {"python:3.11-slim-trixie@${PYTHON_DIGEST}"}
    assert instructions()[0] == ("ARG", "PYTHON_DIGEST")
    for service in compose["services"].values():
        if "build" in service:
            assert re.fullmatch(r"\$\{PYTHON_DIGEST:\?[^}]+\}", service["build"]["args"]["PYTHON_DIGEST"])
    assert pin_images.images() == found | {"PYTHON_DIGEST": "python:3.11-slim-trixie"}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an engine in it that asks no registry: it says what the file `told` holds."""
    program = tmp_path / "docker"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\ncat {tmp_path}/told\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(pin_images, "FILE", tmp_path / "images.env")
    return tmp_path


def test_a_release_fills_in_the_digests(engine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pin_images.main(["--check"]) == 1 and "there is no images.env" in capsys.readouterr().err
    digest = f"sha256:{'0a' * 32}"
    (engine / "told").write_text(f"{digest}\n")
    assert pin_images.main([]) == 0 and pin_images.main(["--check"]) == 0
    calls = (engine / "calls").read_text().splitlines()
    assert {call.split()[3] for call in calls} == set(pin_images.images().values())
    kept = pin_images.FILE.read_text()
    assert {line for line in kept.splitlines() if "=" in line} == {f"{name}={digest}" for name in pin_images.images()}
    # What was pinned for another tag is not this image's.
    pin_images.FILE.write_text(kept.replace("# postgres:17", "# postgres:16"))
    assert pin_images.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "postgres:17 has no digest" in said and "postgres:16 is taken no more" in said


@pytest.mark.parametrize("told", ["", "sha256:short", "17", "no such manifest: postgres:17"])
def test_what_is_no_digest_is_not_written_down(engine: Path, told: str) -> None:
    (engine / "told").write_text(told)
    assert pin_images.main([]) == 1
    assert not pin_images.FILE.exists()


def test_a_registry_that_cannot_be_asked_pins_nothing(engine: Path) -> None:
    (engine / "docker").write_text("#!/bin/sh\nexit 1\n")
    assert pin_images.main([]) == 1
    (engine / "docker").unlink()
    assert pin_images.main([]) == 1
    assert not pin_images.FILE.exists()


@pytest.mark.parametrize("name", FILES)
def test_no_package_registry_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"index-url|find-links|trusted-host|--registry", text)
    # Addresses in these files are those of the compose network and of the machine itself.
    hosts = set(re.findall(r"https?://([^/:\s\"']+)", text))
    assert hosts <= {"storage", "award", "127.0.0.1", "${AWARD_HOST"}


@pytest.mark.parametrize(
    "name",
    [
        ".ci/run",
        "scripts/install-fonts.sh",
        "scripts/install-nginx.sh",
        "scripts/install-postgres.sh",
        "scripts/lock.sh",
    ],
)
def test_scripts_are_strict_and_executable(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    assert "\nset -euo pipefail\n" in path.read_text()


def test_the_documentation_page_is_whole_without_network() -> None:
    folder = ROOT / "app" / "static" / "reference"
    for name in ("page.html", "reader.js", "reader.css", "operations.toml", "fields.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        assert text and "sourceMappingURL" not in text
        assert "://" not in text and 'src="//' not in text, name


def test_backups_are_made_every_day_by_the_programs_of_the_servers_version(compose: dict[str, Any]) -> None:
    backup = compose["services"]["backup"]
    assert "app.cli backup /srv/award/backups" in backup["command"][-1] and "sleep 86400" in backup["command"][-1]
    (folder,) = [item for item in backup["volumes"] if item.startswith("backups:")]
    made = [rest for word, rest in stage(-1) if word == "RUN"]
    assert any(folder.removeprefix("backups:") in rest for rest in made)
    major = re.split(r"[.@]", compose["services"]["database"]["image"].removeprefix("postgres:"))[0]
    assert any(f"postgresql-client-{major}" in rest for rest in made)


LOCKS = [
    *(ROOT / name for name in ("requirements.lock", "requirements-dev.lock", "tests/clients/requirements.lock")),
    *(ROOT / name for name in ("tests/clients/package-lock.json", "tests/browser/node/package-lock.json")),
    ROOT / "benchmarks/peers/directus/package-lock.json",
]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_names_versions_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "sha512-" in text or "--hash=sha256:" in text
    assert re.findall(r"https?://\S+|\"resolved\"", text) == []
