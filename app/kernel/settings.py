"""Settings, from environment variables that begin with `AWARD_` (or a `.env` file). Defaults are the embedded
service."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# As OpenAPI has a contact's address and that of a page.
_MAIL = r"^[^@\s]+@[^@\s]+$"
_ADDRESS = r"^https?://[^\s/]+\S*$"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", ""})


def _users_of(told: str) -> dict[str, list[str]]:
    parts = [part.partition("=") for part in told.split(";") if part.strip()]
    return {name.strip(): [user.strip() for user in users.split(",") if user.strip()] for name, _, users in parts}


class Sealing(StrEnum):
    """By which algorithm values of the database are sealed."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"


class Settings(BaseSettings):
    """Each setting's description is its line in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix="AWARD_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///var/award.db",
        description="Database: `sqlite:///path` or `postgresql+psycopg://user:password@host/name`.",
    )
    migration_database_url: str | None = Field(
        None,
        description="The same database by the account that owns its tables, for `migrate`, `restore` and "
        "`rotate-data-key` alone (PostgreSQL). `migrate` gives the account of `AWARD_DATABASE_URL` the rights that the "
        "service needs, and no more. Unset: that account owns them.",
    )
    database_pool_size: int = Field(
        8, ge=1, le=64, description="PostgreSQL connections of one worker for acts, and as many that only read."
    )
    files_url: str = Field("file:var/files", description="Attachments: `file:folder` or `s3://bucket/prefix`.")
    s3_endpoint: str | None = Field(None, description="Address of an S3-compatible storage.")
    s3_access_key_id: str | None = Field(None, description="Access key of the storage.")
    s3_secret_access_key: SecretStr | None = Field(None, description="Secret key of the storage.")
    s3_region: str = Field("us-east-1", description="Region name that the storage expects.")
    keys_file: Path = Field(
        Path("var/keys.json"),
        description="Signing keys (ES256, private JWKs), made at first start. The first one signs, all verify.",
    )
    data_keys_file: Path | None = Field(
        None,
        description="Keys that seal what the database keeps and must not read, made at first start. "
        "Unset: `data-keys.json` beside the signing keys.",
    )
    sealing: Sealing = Field(
        Sealing.AES_256_GCM,
        description="By which algorithm it is sealed: `aes-256-gcm` or `sm4-gcm`. What was sealed by the other stays "
        "readable, until `rotate-data-key` seals it anew.",
    )
    checkpoint_keys_file: Path | None = Field(
        None,
        description="Keys that sign the checkpoints of the audit log (ES256), made at first start. Unset: "
        "`checkpoint-keys.json` beside the signing keys.",
    )
    checkpoints_folder: Path | None = Field(
        None,
        description="Where checkpoints are written outside of the database, best on a disk that others keep. Unset: "
        "`checkpoints` beside the signing keys.",
    )
    checkpoints_url: str | None = Field(
        None,
        description="Where each checkpoint is written as well: `s3://bucket/prefix` in the storage of "
        "`AWARD_S3_ENDPOINT`, with a bucket that has object lock and a retention by default. Unset: nowhere.",
    )
    checkpoint_seconds: int = Field(
        3600, ge=60, le=86_400, description="How often a checkpoint is made, in seconds, where the audit log has grown."
    )
    issuer: str = Field("huichang-quality-award", description="Whose the checkpoints are: never changed.")
    audience: str = Field("huichang-quality-award", description="`aud` of the tokens.")
    access_token_seconds: int = Field(900, ge=60, le=3600, description="Life of an access token, in seconds.")
    refresh_token_seconds: int = Field(43200, ge=600, description="Life of a refresh token, in seconds.")
    session_seconds: int = Field(
        86400, ge=600, description="Longest life of a session, however often it is renewed, in seconds."
    )
    fresh_proof_seconds: int = Field(
        300,
        ge=10,
        description="How long after a secret was shown a revocation, the disclosure of an identity, the release of "
        "money and what the office does to accounts may follow, in seconds.",
    )
    sessions_at_once: int = Field(
        20,
        ge=1,
        le=1000,
        description="How many sessions of a person go on at once: a further sign-in ends the oldest. A machine's end "
        "with their token.",
    )
    login_attempts: int = Field(
        10,
        ge=1,
        description="Wrong secrets for one login from one origin before it has to wait: a minute, then twice as long "
        "each time, up to a quarter of an hour. Ten times as many for all strangers to a login, and for one origin at "
        "all logins. Counted for all processes together, until there was none for an hour.",
    )
    invitation_hours: int = Field(
        168, ge=1, le=720, description="Life of an invitation, by which somebody sets the password, in hours."
    )
    passwords_remembered: int = Field(
        5,
        ge=0,
        le=20,
        description="How many of an account's last passwords are not taken again, beside the present one.",
    )
    second_factor_required: bool = Field(
        True,
        description="Whether office, government, administrators and auditor sign in with a code beside the password. "
        "False is for the sample and for tests.",
    )
    outside_issuer: str | None = Field(
        None, description="Outside OpenID provider: `iss` of its tokens. Unset: nobody signs in by one."
    )
    outside_audience: str | None = Field(
        None, description="`aud` of the provider's tokens for this service: the client id there."
    )
    outside_jwks_url: str | None = Field(None, description="Address of the provider's keys (JWKS, https).")
    outside_subject_claim: str = Field(
        "sub", description="Claim of the provider's tokens that tells who it is; accounts are linked to its values."
    )
    outside_acr: str | None = Field(
        None,
        description="Values of the provider's `acr`, with commas between them, of which a token must have one: how "
        "strongly it has looked at who it is. Unset: not looked at.",
    )
    outside_sign_in_seconds: int | None = Field(
        None,
        ge=10,
        description="How long ago the sign-in at the provider may be, in seconds: a token must say it (`auth_time`), "
        "and that instant counts as the proof. Unset: not looked at.",
    )
    outside_allow_private: bool = Field(
        False, description="Whether the provider's keys may come from a private or loopback address, without TLS too."
    )
    public_posts_per_minute: int = Field(
        30,
        ge=1,
        description="Public writes (registration, objections, reports) per address (of IPv6: /64) and minute, in all "
        "workers together, before 429; an objection past it needs a proof of work.",
    )
    reads_per_minute: int = Field(
        6000,
        ge=1,
        description="Reads per address (of IPv6: /64) and minute, in all workers together, before 429. Trusted proxies "
        "and loopback are not counted.",
    )
    max_body_bytes: int = Field(1_048_576, ge=1024, description="Largest JSON or form body, in bytes.")
    max_file_bytes: int = Field(20_971_520, ge=1024, description="Largest attachment, in bytes.")
    scanner_url: str | None = Field(
        None,
        description="Virus scanner that speaks ClamAV's protocol: `unix:/path`, `tcp://host:port` or `tls://host:port` "
        "(verified by that name). Unset: none.",
    )
    scanner_required: bool = Field(
        True,
        description="Whether files are refused (503) while the virus scanner does not answer; else they are taken and "
        "the log says so.",
    )
    bulk_max_items: int = Field(500, ge=1, description="Most items in one bulk request.")
    ending_seconds: int = Field(
        10,
        ge=1,
        le=120,
        description="Seconds that requests under way have once the service is told to end (SIGTERM); what is left then "
        "is cut off (503), and the process is gone within five seconds more.",
    )
    log_level: str = Field("INFO", description="Level of the structured log.")
    public_base_url: str = Field(
        "http://127.0.0.1:8000",
        description="Address under which the public reaches the service; used in links and printed on papers. One that "
        "is issued while it is a loopback address is a sample, and says so.",
    )
    fonts: str = Field(
        "/usr/share/fonts,/usr/local/share/fonts",
        description="Folders with the fonts of papers, with commas between them: Noto CJK, and Hanazono for rare "
        "characters (`scripts/install-fonts.sh`).",
    )
    allowed_hosts: str = Field(
        "",
        description="Host names that a request may be addressed to, with commas between them. Unset: that of "
        "`AWARD_PUBLIC_BASE_URL`, and any while that one is a loopback address.",
    )
    allowed_origins: str = Field(
        "",
        description="Origins of portals whose pages may call the service from a browser (`https://host`), with commas "
        "between them; `*` for any. Unset: none.",
        pattern=r"^$|^(\*|https?://[a-z0-9.:\[\]-]+)(,(\*|https?://[a-z0-9.:\[\]-]+))*$",
    )
    operator_token: SecretStr | None = Field(
        None,
        description="Bearer token for `/metrics`, and for the contract and its page where they are closed. Unset: they "
        "answer on loopback alone.",
    )
    contract_open: bool = Field(
        True, description="Whether the contract and its page are open to everybody who reaches the service."
    )
    tls_certificate: Path | None = Field(
        None,
        description="Certificate by which the service itself speaks TLS (PEM, with those up to its authority), for the "
        "proxy before it. Unset: it speaks in the clear.",
    )
    tls_key: Path | None = Field(None, description="Key of that certificate (PEM).")
    contract_contact_name: str | None = Field(
        None, min_length=1, max_length=200, description="Whom integrators ask, as the contract names it (`contact`)."
    )
    contract_contact_email: str | None = Field(
        None, max_length=200, pattern=_MAIL, description="The same contact's mail address."
    )
    contract_contact_url: str | None = Field(
        None, max_length=500, pattern=_ADDRESS, description="The same contact's page."
    )
    contract_licence_name: str | None = Field(
        None, min_length=1, max_length=200, description="Under which licence the contract may be used (`license`)."
    )
    contract_licence_url: str | None = Field(
        None, max_length=500, pattern=_ADDRESS, description="Where that licence is read; needs its name."
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Proxies, with commas between them (addresses or networks), whose `X-Forwarded-For` is believed: "
        "the last address in it that is none of them is the caller's.",
    )
    administrators: str = Field(
        "",
        description="Who may give which commands: `system=user,user;security=user;audit=user`, by the machine's users. "
        "All three are named, and nobody is two; what one does to an account, another confirms. Unset: whoever reaches "
        "the command line is all three, and nothing waits; the log tells who it was.",
    )
    marks_samples: bool = Field(
        False, description="Whether new organisations and rounds are marked as samples. For demonstrations only."
    )
    privacy_contact: str | None = Field(
        None, description="How persons reach the office about their data, as `/v1/privacy-notice` tells it."
    )
    office_address: str | None = Field(None, description="Where the office is written to, as its notices print it.")
    office_postcode: str | None = Field(None, description="Its postcode.")
    office_phone: str | None = Field(None, description="Its telephone, for applicants and whoever objects.")
    office_email: str | None = Field(None, description="Its mail address.")
    supervision_phone: str | None = Field(None, description="The telephone of whoever supervises the office.")
    webhook_ports: str = Field(
        "443", description="Ports to which webhooks may go, with commas between them.", pattern=r"^\d{1,5}(,\d{1,5})*$"
    )
    webhook_allow_private: bool = Field(
        False, description="Whether webhooks may go to private and loopback addresses. For tests only."
    )

    @model_validator(mode="after")
    def _provider_whole(self) -> Self:
        """An outside provider is set as a whole: without its audience, tokens for others would be taken."""
        told = (self.outside_issuer, self.outside_audience, self.outside_jwks_url)
        if any(told) and not all(told):
            raise ValueError("AWARD_OUTSIDE_ISSUER, _AUDIENCE and _JWKS_URL belong together")
        return self

    @model_validator(mode="after")
    def _certificate_with_its_key(self) -> Self:
        """One without the other would be served in the clear."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("AWARD_TLS_CERTIFICATE and AWARD_TLS_KEY belong together")
        return self

    @field_validator("checkpoints_url")
    @classmethod
    def _locked_place(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?", value):
            raise ValueError("s3://bucket/prefix")
        return value

    @model_validator(mode="after")
    def _licence_named(self) -> Self:
        """OpenAPI knows no licence without a name."""
        if self.contract_licence_url is not None and self.contract_licence_name is None:
            raise ValueError("AWARD_CONTRACT_LICENCE_URL needs _NAME")
        return self

    @field_validator("administrators")
    @classmethod
    def _three_apart(cls, value: str) -> str:
        named = _users_of(value)
        users = [user for some in named.values() for user in some]
        if named and (set(named) != {"system", "security", "audit"} or not all(named.values())):
            raise ValueError("system=user;security=user;audit=user")
        if len(set(users)) != len(users):
            raise ValueError("nobody is two of the three administrators")
        return value

    @property
    def administrator_users(self) -> dict[str, list[str]]:
        """By administrator (system, security, audit) the users of the machine; empty where anybody is each of them."""
        return _users_of(self.administrators)

    @property
    def data_keys(self) -> Path:
        """Where the keys lie that seal what the database keeps."""
        return self.data_keys_file or self.keys_file.with_name("data-keys.json")

    @property
    def checkpoint_keys(self) -> Path:
        """Where the keys lie that sign the checkpoints."""
        return self.checkpoint_keys_file or self.keys_file.with_name("checkpoint-keys.json")

    @property
    def checkpoints(self) -> Path:
        """Where the checkpoints lie outside of the database."""
        return self.checkpoints_folder or self.keys_file.with_name("checkpoints")

    @property
    def hosts(self) -> frozenset[str]:
        """The host names that a request may be addressed to; none where any is."""
        named = {name.strip().lower() for name in self.allowed_hosts.split(",")} - {""}
        own = urlsplit(self.public_base_url).hostname or ""
        return frozenset(named or ({own} - LOOPBACK))

    @property
    def public_address(self) -> str | None:
        """Under which address everybody reaches the service; None while it is this machine alone."""
        own = self.public_base_url.rstrip("/")
        return None if (urlsplit(own).hostname or "") in LOOPBACK else own

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may call the service."""
        return frozenset(self.allowed_origins.split(",")) - {""}

    @property
    def webhook_port_numbers(self) -> frozenset[int]:
        """The ports to which webhooks may go."""
        return frozenset(int(port) for port in self.webhook_ports.split(","))

    @property
    def owner_url(self) -> str:
        """The database by the account that owns its tables."""
        return self.migration_database_url or self.database_url

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _served(cls, value: str | None) -> str | None:
        """The two databases, each by its one spelling: another driver's would be found missing at the first call."""
        if value is not None and value.partition("://")[0] not in ("sqlite", "postgresql+psycopg"):
            raise ValueError("sqlite:///path or postgresql+psycopg://user:password@host/name")
        return value
