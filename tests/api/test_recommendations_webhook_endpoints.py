"""Who keeps which webhook, where it may lead, and what is told of it (Art. 3)."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from app.kernel.settings import Settings
from app.kernel.webhook_sender import WebhookSender
from app.kernel.webhooks import Delivery, is_public, message, url_fault
from app.services.recommendations.webhooks import MAX_ACTIVE
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.receiver import Receiver, receiver

PATH = "/v1/webhooks"
URL = "https://hooks.example.org/award"
SECRET = "whsec_c2FtcGxlLXNlY3JldC1vZi10aGUtY29udHJhY3QtMDE="
NAME = "hooks.sample.test"
NOW = datetime(2024, 3, 1, tzinfo=UTC)


def create(world: World, url: str = URL, *, unit: str = "wenwuba", **options: Any) -> Any:
    return world.by(f"unit-{unit}").post(PATH, {"url": url}, **options)


def send(url: str, *, allow_private: bool = True) -> Delivery:
    async def once() -> Delivery:
        async with WebhookSender(allow_private=allow_private) as sender:
            told = message(event_id="0190", kind="recommendation.requested", at=NOW, data={"position": 1})
            return await sender.send(url, told, secrets=[SECRET], now=NOW)

    return anyio.run(once)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://hooks.example.org/award", "not_https"),
        ("ftp://hooks.example.org/award", "not_https"),
        ("hooks.example.org/award", "not_a_url"),
        ("https://", "not_a_url"),
        ("https://hooks.example.org:99999/", "not_a_url"),
        ("https://hooks example.org/", "not_a_url"),
        ("https://样例.example.org/", "not_a_url"),
        ("https://user:word@hooks.example.org/", "credentials_or_fragment"),
        ("https://hooks.example.org/#top", "credentials_or_fragment"),
        ("https://127.0.0.1/", "not_public"),
        ("https://localhost/", "not_public"),
        ("https://award.localhost./", "not_public"),
        ("https://10.0.0.8/", "not_public"),
        ("https://192.168.1.1:8443/", "not_public"),
        ("https://169.254.169.254/latest", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://[fd00::1]/", "not_public"),
        ("https://[::ffff:10.0.0.8]/", "not_public"),
        ("https://[64:ff9b::a00:8]/", "not_public"),
        ("https://hooks.example.org:22/", "port_not_allowed"),
        ("https://hooks.example.org:8443/", "port_not_allowed"),
        ("https://hooks.example.org:0/", "port_not_allowed"),
    ],
)
def test_it_leads_to_the_public_network_by_tls_or_is_refused(world: World, url: str, fault: str) -> None:
    body = refused(create(world, url), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in body["errors"]] == [("/url", fault)]
    assert send(url, allow_private=False) == Delivery(error=fault)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::", False),
        ("2002:0a00:0001::1", False),
        ("2002:0808:0808::1", True),
        ("64:ff9b::808:808", True),
        ("172.31.255.255", False),
        ("192.88.99.1", False),
        ("192.0.0.9", False),
        ("198.19.255.255", False),
        ("64:ff9b:1::808:808", False),
        ("2001:20::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
    ],
)
def test_addresses_that_stand_for_another_count_as_that(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_the_ports_are_those_of_the_settings(settings: Settings) -> None:
    ports = settings.model_copy(update={"webhook_ports": "443,8443"}).webhook_port_numbers
    for port, fault in ((443, None), (8443, None), (8080, "port_not_allowed")):
        assert url_fault(f"https://hooks.example.org:{port}/", allow_private=False, ports=ports) == fault
    assert url_fault("https://hooks.example.org/", allow_private=False, ports={8443}) == "port_not_allowed"
    for wrong in ("", "https", "443;8443", "443,"):
        with pytest.raises(ValueError, match="webhook_ports"):
            Settings(_env_file=None, webhook_ports=wrong)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_a_loopback_address_in_disguise_is_seen_when_it_is_resolved(host: str) -> None:
    assert send(f"https://{host}/", allow_private=False) == Delivery(error="not_public")


class Names:
    """A name server of somebody else, who answers as he likes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
        self.asked = 0
        real = socket.getaddrinfo

        def answer(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
            if host not in (NAME, NAME.encode()):
                return real(host, port, *rest, **more)
            chosen = answers[min(self.asked, len(answers) - 1)]
            self.asked += 1
            if not chosen:
                raise socket.gaierror("no such name")
            return [entry for address in chosen for entry in real(address, port, *rest, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("addresses", [["10.0.0.8"], ["8.8.8.8", "10.0.0.8"], ["::1", "8.8.8.8"]])
def test_a_name_with_any_private_address_is_not_called(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    Names(monkeypatch, addresses)
    assert send(f"https://{NAME}/", allow_private=False) == Delivery(error="not_public")


def test_a_name_that_nobody_knows_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, [])
    assert send(f"https://{NAME}/") == Delivery(error="unresolved")


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time (DNS rebinding) gains nothing: it is not asked a second time."""
    with receiver(host=NAME) as endpoint:
        names = Names(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
        assert send(endpoint.url) == Delivery()
        assert names.asked == 1
        assert endpoint.requests[0].headers["host"] == f"{NAME}:{endpoint.port}"


def test_an_address_that_does_not_answer_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver(host=NAME) as endpoint:
        Names(monkeypatch, ["127.0.0.9", "127.0.0.1"])
        assert send(endpoint.url) == Delivery()


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """An endpoint whose certificate is for `NAME`, of an authority that the system trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    bundle = tmp_path / "certificate.pem"
    bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = tmp_path / "both.pem"
    both.write_bytes(bundle.read_bytes() + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with receiver(context, host=NAME) as endpoint:
        yield endpoint


def test_the_certificate_must_be_the_names(tls: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, ["127.0.0.1"])
    assert send(tls.url) == Delivery()
    assert send(tls.url.replace(NAME, "127.0.0.1")) == Delivery(error="tls")
    assert len(tls.requests) == 1


def test_the_certificate_must_be_of_a_trusted_authority(tls: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, ["127.0.0.1"])
    monkeypatch.delenv("SSL_CERT_FILE")
    assert send(tls.url) == Delivery(error="tls")


def test_the_secret_is_told_once(world: World) -> None:
    key = {"Idempotency-Key": "webhook-2024-01"}
    made = ok(create(world, headers=key), 201)
    assert made["secret"].startswith("whsec_") and len(made["secret"]) == 50
    assert ok(create(world, headers=key), 201) == made | {"secret": None}
    assert "secret" not in ok(world.by("unit-wenwuba").get(PATH))["items"][0]
    rotated = ok(world.by("unit-wenwuba").post(f"{PATH}/{made['id']}/secret-rotation"))

    async def recorded() -> str:
        async with world.client.app.state.database.reading() as session:  # type: ignore[attr-defined]
            entries = await session.execute(text("SELECT act, details FROM audit_entries"))
            answers = await session.execute(text("SELECT body FROM idempotency_records"))
            return f"{entries.all()} {[bytes(row[0]) for row in answers]}"

    portal = world.client.portal
    assert portal is not None
    record = portal.call(recorded)
    assert "create_webhook" in record and "rotate_webhook_secret" in record
    assert made["secret"] not in record and rotated["secret"] not in record


def test_a_webhook_is_its_units_own(world: World) -> None:
    made = ok(create(world), 201)
    other = world.by("unit-junmenling")
    assert ok(other.get(PATH))["items"] == []
    for act in ("deactivation", "activation", "secret-rotation"):
        refused(other.post(f"{PATH}/{made['id']}/{act}"), 404, "not_found")


@pytest.mark.parametrize(
    "login", ["office", "auditor", "government", "department-tax", "reviewer1", "payment_platform"]
)
def test_only_units_have_webhooks(world: World, login: str) -> None:
    refused(world.by(login).post(PATH, {"url": URL}), 403, "forbidden")
    refused(world.by(login).get(PATH), 403, "forbidden")


def test_it_is_deactivated_and_activated_once_each(world: World) -> None:
    made = ok(create(world), 201)
    unit = world.by("unit-wenwuba")
    refused(unit.post(f"{PATH}/{made['id']}/activation"), 409, "wrong_state")
    deactivated = ok(unit.post(f"{PATH}/{made['id']}/deactivation"))
    assert (deactivated["deactivated_reason"], bool(deactivated["deactivated_at"])) == ("by_unit", True)
    refused(unit.post(f"{PATH}/{made['id']}/deactivation"), 409, "wrong_state")
    assert ok(unit.post(f"{PATH}/{made['id']}/activation"))["deactivated_at"] is None


def test_a_unit_has_a_few_that_are_active(world: World) -> None:
    made = [ok(create(world), 201) for _ in range(MAX_ACTIVE)]
    refused(create(world), 409, "too_many_webhooks")
    ok(create(world, unit="junmenling"), 201)
    unit = world.by("unit-wenwuba")
    ok(unit.post(f"{PATH}/{made[0]['id']}/deactivation"))
    ok(create(world), 201)
    refused(unit.post(f"{PATH}/{made[0]['id']}/activation"), 409, "too_many_webhooks")
    page = ok(unit.get(f"{PATH}?limit=4"))
    rest = ok(unit.get(f"{PATH}?limit=4&cursor={page['next_cursor']}"))
    assert len({item["id"] for item in page["items"] + rest["items"]}) == MAX_ACTIVE + 1


def test_a_dry_run_makes_none(world: World) -> None:
    ok(world.by("unit-wenwuba").post(f"{PATH}?dry_run=true", {"url": URL}), 201)
    assert ok(world.by("unit-wenwuba").get(PATH))["items"] == []
