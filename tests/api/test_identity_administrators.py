"""The three administrators of those who operate the service: each command belongs to one, nobody is two, and what is
done is on record with who it was, as what, and from where."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app import cli
from app.commands import administrators
from app.kernel.settings import Settings
from sandbox.stages.parties import PASSWORD, accept
from sandbox.world import World, ok

Run = Callable[..., tuple[int, str]]
THREE = "system=anna;security=bela,carl;audit=dora"


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """The operator's commands, with what they said; keys are this test's own but for those that seal."""
    for name in ("database_url", "files_url", "checkpoints_folder", "second_factor_required"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("AWARD_KEYS_FILE", str(tmp_path / "keys.json"))
    monkeypatch.setenv("AWARD_DATA_KEYS_FILE", str(settings.data_keys))
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22")
    monkeypatch.chdir(tmp_path)
    before = settings.data_keys.read_bytes()

    def command(*arguments: str, user: str | None = None) -> tuple[int, str]:
        with monkeypatch.context() as patched:
            if user is not None:
                patched.setattr(administrators, "host_user", lambda: user)
            capsys.readouterr()
            code = cli.main(arguments)
            said = capsys.readouterr()
            return code, said.out + said.err

    yield command
    settings.data_keys.write_bytes(before)


def entry(world: World, act: str) -> dict[str, Any]:
    found = ok(world.auditor.get(f"/v1/audit-entries?act={act}"))["items"]
    return dict(found[0])


REASON = ("--login", "unit-wenwuba", "--reason", "样例")


@pytest.mark.parametrize(
    ("arguments", "act", "administrator"),
    [
        (("rotate-key",), "rotate_signing_key", "security"),
        (("rotate-checkpoint-key",), "rotate_checkpoint_key", "security"),
        (("rotate-data-key",), "rotate_data_key", "security"),
        (("accounts", "deactivate", *REASON), "deactivate_account", "system"),
        (("accounts", "link", "--subject", "x", *REASON), "link_outside_identity", "security"),
        (("purge-idempotency",), "purge_idempotency", "system"),
    ],
)
def test_a_command_is_on_record_with_its_administrator_user_and_address(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], act: str, administrator: str
) -> None:
    if "link" in arguments:
        for name, value in (("ISSUER", "https://id.example"), ("AUDIENCE", "a"), ("JWKS_URL", "https://id.example/k")):
            monkeypatch.setenv(f"AWARD_OUTSIDE_{name}", value)
    # The environment of a shell says what its user likes.
    monkeypatch.setenv("LOGNAME", "somebody-else")
    code, said = run(*arguments)
    assert code == 0, said
    found = entry(world, act)
    assert (found["actor_role"], found["origin"]) == ("operator", "192.0.2.7")
    told = {"administrator": administrator, "operator": administrators.host_user()}
    assert found["details"] | told == found["details"] and told["operator"] != "somebody-else"


@pytest.mark.parametrize(
    ("signed_in", "expected"),
    [("0", "root"), (str(2**32 - 1), "uid 4000000"), ("3999999", "uid 3999999"), ("", "uid 4000000")],
)
def test_who_signed_in_at_the_machine_is_told_through_a_change_of_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, signed_in: str, expected: str
) -> None:
    (tmp_path / "loginuid").write_text(signed_in)
    monkeypatch.setattr(administrators, "_SIGNED_IN", tmp_path / "loginuid")
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert administrators.host_user() == expected


def test_each_command_that_a_person_gives_belongs_to_one_of_the_three() -> None:
    by_itself = {"migrate", "serve", "start", "deliver-webhooks", "backup", "checkpoint", "verify-audit"}
    of_developers = {"openapi", "docs"}
    known = {name for name, _ in _commands(cli._parser())}
    assert set(cli._BELONGS_TO) == known - by_itself - of_developers - {"accounts"}
    assert {whose for several in cli._BELONGS_TO.values() for whose in several} == set(administrators.Administrator)
    # What one has changed the other lets in.
    assert [name for name, several in cli._BELONGS_TO.items() if len(several) > 1] == ["activate"]


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield name, inner
                yield from _commands(inner)


def test_nobody_gives_the_command_of_another_administrator(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWARD_ADMINISTRATORS", THREE)
    stopping = ("accounts", "deactivate", *REASON)
    for user in ("bela", "dora", "root"):
        code, said = run(*stopping, user=user)
        assert code == 2 and "the system administrator's" in said and user in said
    assert not ok(world.auditor.get("/v1/audit-entries?act=deactivate_account"))["items"]
    assert run(*stopping, user="anna")[0] == 0
    assert run("rotate-key", user="anna")[0] == 2 and not (tmp_path / "keys.json").exists()
    assert run("rotate-key", user="carl")[0] == 0
    assert run("export-audit", str(tmp_path / "log"), user="carl")[0] == 2
    assert run("export-audit", str(tmp_path / "log"), user="dora")[0] == 0


def _account(world: World, login: str) -> dict[str, Any]:
    items = ok(world.office.get("/v1/accounts", params={"limit": 100}))["items"]
    (found,) = (item for item in items if item["login"] == login)
    return dict(found)


def _of(login: str) -> tuple[str, ...]:
    return ("--login", login, "--reason", "样例")


@pytest.mark.parametrize(
    "role", ["system_administrator", "security_administrator", "auditor", "government", "office", "payment_platform"]
)
def test_an_account_that_one_administrator_makes_at_the_command_line_the_other_lets_in(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("AWARD_ADMINISTRATORS", THREE)
    code, said = run("accounts", "create", "--role", role, "--login", "new.one", user="anna")
    assert code == 0 and "security administrator" in said
    made = _account(world, "new.one")
    assert (made["awaits"], bool(made["deactivated_at"])) == ("security_administrator", True)
    assert [(item["act"], item["by"]) for item in made["unconfirmed"]] == [("create_account", "system_administrator")]
    for user, reason in (("anna", "the other administrator"), ("dora", "security administrator's")):
        code, said = run("accounts", "activate", *_of("new.one"), user=user)
        assert code == 2 and reason in said.lower()
    assert run("accounts", "activate", *_of("new.one"), user="bela")[0] == 0
    let_in = _account(world, "new.one")
    assert (let_in["awaits"], let_in["deactivated_at"], let_in["unconfirmed"]) == (None, None, [])
    found = entry(world, "activate_account")
    assert (found["details"]["administrator"], found["details"]["operator"]) == ("security", administrators.host_user())
    assert found["details"]["confirmed"] == ["create_account"]


@pytest.mark.parametrize("login", ["system_administrator", "security_administrator", "auditor", "government"])
@pytest.mark.parametrize(
    ("act", "changed_by", "confirmed_by", "awaits"),
    [
        ("invite", "anna", "bela", "security_administrator"),
        ("deactivate", "anna", "bela", "security_administrator"),
        ("unlink", "bela", "anna", "system_administrator"),
    ],
)
def test_what_one_administrator_changes_at_the_command_line_the_other_confirms(
    world: World,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    act: str,
    changed_by: str,
    confirmed_by: str,
    awaits: str,
) -> None:
    for name, value in (("ISSUER", "https://id.example"), ("AUDIENCE", "a"), ("JWKS_URL", "https://id.example/k")):
        monkeypatch.setenv(f"AWARD_OUTSIDE_{name}", value)
    if act == "unlink":
        assert run("accounts", "link", "--subject", "x", *_of(login))[0] == 0
    monkeypatch.setenv("AWARD_ADMINISTRATORS", THREE)
    code, said = run("accounts", act, *_of(login), user=changed_by)
    assert code == 0, said
    assert world.by(login).get("/v1/me").status_code == 401
    assert _account(world, login)["awaits"] == awaits
    assert run("accounts", "activate", *_of(login), user=changed_by)[0] == 2
    assert run("accounts", "activate", *_of(login), user=confirmed_by)[0] == 0
    assert (_account(world, login)["awaits"], _account(world, login)["deactivated_at"]) == (None, None)


def test_who_decides_and_was_stopped_by_one_operator_is_let_in_by_two(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = run("accounts", "deactivate", *_of("government"))
    assert code == 0 and "AWARD_ADMINISTRATORS" in said
    assert _account(world, "government")["awaits"] is None
    monkeypatch.setenv("AWARD_ADMINISTRATORS", THREE)
    assert run("accounts", "activate", *_of("government"), user="anna")[0] == 0
    assert _account(world, "government")["awaits"] == "security_administrator"
    assert run("accounts", "activate", *_of("government"), user="anna")[0] == 2
    assert run("accounts", "activate", *_of("government"), user="bela")[0] == 0
    assert _account(world, "government")["deactivated_at"] is None
    # Whom the office has stopped the office lets in.
    path = f"/v1/accounts/{world.id('account:unit-wenwuba')}"
    ok(world.office.post(f"{path}/deactivation", {"reason": "样例"}))
    for user in ("anna", "bela"):
        assert run("accounts", "activate", *_of("unit-wenwuba"), user=user)[0] == 2
    ok(world.office.post(f"{path}/activation", {"reason": "样例"}))


@pytest.mark.parametrize(
    "told",
    [
        "system=anna;security=anna;audit=dora",
        "system=anna;security=bela,dora;audit=dora",
        "system=anna;security=bela",
        "system=anna;security=;audit=dora",
        "system=anna;security=bela;audit=dora;another=emil",
        "anna",
    ],
)
def test_nobody_is_two_of_the_three_and_none_is_missing(told: str) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, administrators=told)


def test_a_key_is_rotated_though_the_database_is_away_and_that_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWARD_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    code, said = run("rotate-key", "--keep", "1")
    assert code == 2 and "not on record" in said and (tmp_path / "keys.json").exists()


def test_who_accepts_an_invitation_is_on_record_with_account_and_address(world: World) -> None:
    body = {
        "login": "unit-new",
        "role": "recommending_unit",
        "display_name": "样例单位",
        "unit_id": world.id("unit:wenwuba"),
    }
    made = ok(world.office.post("/v1/accounts", body), 201)
    accept(world, made, PASSWORD)
    found = entry(world, "accept_invitation")
    assert (found["actor_id"], found["actor_role"]) == (made["id"], "recommending_unit")
    assert found["origin"] == "127.0.0.1"
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True
