"""What identifies people and accounts is sealed in the database: readable with keys that lie outside of it, each value
in its own row alone, sealed anew by a command."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import create_engine, make_url, text

from app import cli
from app.kernel.security.sealing import Keyring, Unopened, kid_of, rotate_data_keys
from app.kernel.settings import Sealing, Settings
from app.store.models import Base
from sandbox.callers import Caller
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity
from sandbox.stages.money import ACCOUNT, order
from sandbox.stages.parties import register
from sandbox.world import World, ok
from tests.api.test_identity_second_factors import Device
from tests.support.problems import refused

CONTACT = {"contact_name": "样例联系人甲", "contact_phone": "0797-5612345"}
REPORT = {
    "kind": "forgery",
    "subject": "样例商行",
    "description": "样例：门口悬挂仿制的奖牌",
    "reporter_name": "样例举报人",
    "reporter_contact": "0797-5698765",
}


@pytest.fixture
def keys(settings: Settings) -> Iterator[Path]:
    """The file of the keys, which is others' as well: as it was afterwards."""
    before = settings.data_keys.read_bytes()
    yield settings.data_keys
    settings.data_keys.write_bytes(before)


@pytest.fixture
def run(
    settings: Settings, keys: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """The operator's commands, with what they said."""
    for name in ("database_url", "keys_file", "files_url", "checkpoints_folder"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def everything(settings: Settings) -> dict[str, str]:
    """Each table as whoever has the database reads it."""
    engine = create_engine(make_url(settings.database_url))
    with engine.connect() as connection:
        found = {
            name: "\n".join(str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {name}")))
            for name in Base.metadata.tables
        }
    engine.dispose()
    return found


def change(settings: Settings, statement: str) -> None:
    engine = create_engine(make_url(settings.database_url))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def values(settings: Settings) -> dict[tuple[str, str], bytes]:
    """Every sealed value, by its column and row."""
    found: dict[tuple[str, str], bytes] = {}
    engine = create_engine(make_url(settings.database_url))
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if column.name.startswith("sealed_"):
                    rows = connection.execute(text(f"SELECT id, {column.name} FROM {table.name}"))
                    found |= {(f"{table.name}.{column.name}", str(row[0])): bytes(row[1]) for row in rows if row[1]}
    engine.dispose()
    return found


def edit(applicant: Caller, organisation_id: str, changes: dict[str, Any]) -> None:
    path = f"/v1/organisations/{organisation_id}"
    ok(applicant.patch(path, changes, version=ok(applicant.get(path))["version"]))


def edited(world: World) -> tuple[str, Caller]:
    organisation_id, applicant = register(world)
    edit(applicant, organisation_id, CONTACT)
    return organisation_id, applicant


def test_no_table_holds_in_the_clear_what_is_sealed(world: World, settings: Settings) -> None:
    winner = concluded(world, {}).winners[0]
    order(world, winner)
    edited(world)
    ok(world.public.post("/v1/mark-reports", REPORT), 201)
    device = Device(world)
    secret = ok(world.by("unit-wenwuba").post("/v1/webhooks", {"url": "https://unit.example/hooks"}), 201)["secret"]
    hidden = [*CONTACT.values(), *(value for name, value in REPORT.items() if name != "kind"), ACCOUNT, "104428050018"]
    for name, rows in everything(settings).items():
        told = [item for item in (*hidden, device.secret, secret) if item in rows or json.dumps(item)[1:-1] in rows]
        assert told == [], name
    if world.client.app.state.database.is_sqlite:  # type: ignore[attr-defined]
        place = Path(str(make_url(settings.database_url).database))
        raw = b"".join(file.read_bytes() for file in place.parent.glob(f"{place.name}*"))
        assert [item for item in (*hidden, secret) if item.encode() in raw] == []


def test_what_is_sealed_is_shown_as_ever_to_whom_it_is_for(world: World, settings: Settings) -> None:
    organisation_id, applicant = edited(world)
    for caller in (applicant, world.office):
        shown = ok(caller.get(f"/v1/organisations/{organisation_id}"))
        assert {name: shown[name] for name in CONTACT} == CONTACT
    before = values(settings)
    # Nothing is written where nothing changes, and the log tells that a contact was changed, not which it is.
    edit(applicant, organisation_id, CONTACT)
    assert values(settings) == before
    entries = ok(world.auditor.get("/v1/audit-entries?act=edit_organisation"))["items"]
    assert entries[-1]["details"]["changed"] == {name: ["", ""] for name in CONTACT}
    edit(applicant, organisation_id, {"contact_phone": None})
    assert ok(applicant.get(f"/v1/organisations/{organisation_id}"))["contact_phone"] is None


def test_a_value_moved_to_another_row_or_column_is_refused_and_found(
    world: World, settings: Settings, run: Callable[..., tuple[int, str]]
) -> None:
    (first, applicant), (second, _) = edited(world), edited(world)
    assert run("verify-audit")[0] == 0
    digits = {key: key.replace("-", "") if "sqlite" in settings.database_url else key for key in (first, second)}
    moved = f"(SELECT sealed_contact_name FROM organisations WHERE id = '{digits[second]}')"
    change(settings, f"UPDATE organisations SET sealed_contact_name = {moved} WHERE id = '{digits[first]}'")
    problem = refused(applicant.get(f"/v1/organisations/{first}"), 503, "unavailable")
    assert "样例" not in json.dumps(problem, ensure_ascii=False)
    code, said = run("verify-audit")
    assert code == 1 and f"sealed: organisations {first}: sealed_contact_name is not what was sealed" in said
    change(
        settings, f"UPDATE organisations SET sealed_contact_name = sealed_contact_phone WHERE id = '{digits[first]}'"
    )
    refused(applicant.get(f"/v1/organisations/{first}"), 503, "unavailable")


def test_art21_a_new_key_seals_everything_anew_and_nothing_is_lost(
    world: World, settings: Settings, run: Callable[..., tuple[int, str]]
) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objections"
    ok(world.public.post(path, OBJECTION), 201)
    organisation_id, applicant = edited(world)
    before = values(settings)
    code, said = run("rotate-data-key")
    kid, after = said.split()[0], values(settings)
    assert code == 0 and f"{len(before)} value(s) were sealed anew" in said
    assert after.keys() == before.keys() and {kid_of(value) for value in after.values()} == {kid}
    assert "objection_originals.sealed_facts" in {column for column, _ in after}
    assert ok(applicant.get(f"/v1/organisations/{organisation_id}"))["contact_name"] == CONTACT["contact_name"]
    assert run("verify-audit")[0] == 0
    entry = ok(world.auditor.get("/v1/audit-entries?act=rotate_data_key"))["items"][0]
    assert entry["details"] | {"kid": kid, "sealed_anew": len(before), "closed": 0} == entry["details"]
    # What stays on record does so again.
    with pytest.raises(Exception, match="append-only"):
        change(settings, "UPDATE objection_originals SET sealed_facts = NULL")


def test_a_lost_key_is_told_in_one_line_and_no_new_one_hides_it(
    world: World, settings: Settings, keys: Path, run: Callable[..., tuple[int, str]]
) -> None:
    organisation_id, applicant = edited(world)
    content = json.loads(keys.read_bytes())
    keys.unlink()
    for command in (("serve",), ("verify-audit",), ("deliver-webhooks", "--once")):
        code, said = run(*command)
        assert code == 2 and len(said.strip().splitlines()) == 1 and "put it back" in said, command
        assert not keys.exists()
    # It is lost for good: a new one is made on purpose, and what nobody can open any more is told.
    code, said = run("rotate-data-key")
    assert code == 1 and "CLOSED: 2 value(s)" in said
    code, said = run("verify-audit")
    assert (
        code == 1
        and f"CLOSED: 2 value(s) sealed with key {content['keys'][0]['kid']}" in said
        and "chain: intact" in said
    )
    state: Any = world.client.app.state  # type: ignore[attr-defined]
    known = state.keyring._keys
    state.keyring._keys = Keyring(keys)._keys
    refused(applicant.get(f"/v1/organisations/{organisation_id}"), 503, "unavailable")
    state.keyring._keys = known
    ok(applicant.get(f"/v1/organisations/{organisation_id}"))


def test_a_serving_process_seals_with_a_new_key_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Keyring(tmp_path / "keys.json")
    fresh = rotate_data_keys(tmp_path / "keys.json")
    assert kid_of(ring.seal(b"x", purpose="a")) != fresh
    monkeypatch.setattr("app.kernel.security.sealing.LOOK_AGAIN_SECONDS", 0)
    assert kid_of(ring.seal(b"x", purpose="a")) == fresh
    # A file that is away stops nobody who has read it.
    (tmp_path / "keys.json").unlink()
    assert kid_of(ring.seal(b"x", purpose="a")) == fresh


def test_sm4_seals_where_the_settings_say_so_and_each_opens_what_the_other_has_sealed(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    aes, sm4 = Keyring(path), Keyring(path, Sealing.SM4_GCM)
    for ring, other in ((aes, sm4), (sm4, aes)):
        sealed = ring.seal("样例".encode(), purpose="a", bound=b"row")
        assert other.open(sealed, purpose="a", bound=b"row") == "样例".encode()
        assert ring.is_newest(sealed) and not other.is_newest(sealed)
        for purpose, bound in (("b", b"row"), ("a", b"another"), ("a", b"")):
            with pytest.raises(Unopened):
                other.open(sealed, purpose=purpose, bound=bound)
        bent = bytearray(sealed)
        bent[-1] ^= 1
        with pytest.raises(Unopened):
            ring.open(bytes(bent), purpose="a", bound=b"row")


def test_the_librarys_sm4_gcm_is_that_of_rfc_8998() -> None:
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    sealed = encryptor.update(bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))) + encryptor.finalize()
    assert sealed.hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735")
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
