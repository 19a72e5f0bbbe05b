"""What the product is made of: each part in the lock, each under a licence that somebody has agreed to, and nothing at
work that should not be."""

import subprocess
import sys

import pytest

from scripts import sbom
from scripts.sbom import Package


def test_the_page_names_every_locked_package_of_this_platform() -> None:
    bill, packages = sbom.collect()
    assert sbom.PAGE.read_text(encoding="utf-8") == sbom.page(packages)
    assert sbom.unagreed(packages) == []
    assert bill["bomFormat"] == "CycloneDX"
    wanted = sbom.locked(sbom.LOCK.read_text(encoding="utf-8"))
    assert {"fastapi", "sqlalchemy", "python-jose"} <= {item.name for item in packages} <= set(wanted)
    # What is not here belongs to other platforms; nothing of development is delivered.
    assert len(wanted) - len(packages) <= 5 and not {"pytest", "mypy"} & set(wanted)


@pytest.mark.parametrize(
    ("licence", "agreed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("MIT AND PSF-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("BSD-3-Clause / LGPL-3.0-only", True),
        ("BSD-3-Clause / SSPL-1.0", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_a_licence_that_nobody_has_agreed_to_is_seen(licence: str, agreed: bool) -> None:
    assert (sbom.unagreed([Package("x", "1", licence)]) == []) is agreed


def test_a_licence_is_told_by_its_identifier() -> None:
    told = [{"license": {"id": "BSD-3-Clause"}}, {"license": {"name": "License :: OSI Approved :: BSD License"}}]
    assert sbom.licence_of({"licenses": told}) == "BSD-3-Clause"
    assert sbom.licence_of({"licenses": [{"expression": "MIT OR Apache-2.0"}]}) == "MIT OR Apache-2.0"
    assert sbom.licence_of({}) == ""


def test_tokens_are_signed_and_verified_without_the_pure_python_curves() -> None:
    # The token library asks for `ecdsa`, whose timing tells the key: the product is delivered without it and without
    # `rsa`, and each is only asked for in the library itself.
    delivered = sbom.locked((sbom.ROOT / "requirements.lock").read_text())
    assert "python-jose" in delivered and not {"ecdsa", "rsa"} & delivered.keys()
    assert {"ecdsa", "rsa"} <= sbom.locked((sbom.ROOT / "requirements-dev.lock").read_text()).keys()
    script = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("ecdsa", "rsa"):
            raise ImportError(name)

sys.meta_path.insert(0, Refusing())
from app.kernel.security.tokens import TokenIssuer

issuer = TokenIssuer(keys_file=Path(mkdtemp()) / "k.json", issuer="i", audience="a", lifetime=timedelta(minutes=5))
now = datetime.now(UTC)
key = uuid4()
assert issuer.verify(issuer.issue(key, role="office", now=now), now=now).account_id == key
assert not {"ecdsa", "rsa"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=sbom.ROOT, timeout=60)
