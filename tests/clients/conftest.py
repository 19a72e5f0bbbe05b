"""Clients are made once for all that looks at them."""

import os
import shutil

import pytest

from tests.clients.tools import CONTRACT, HERE, Tools, installed, told


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    folder = installed()
    if folder is None:
        assert "CI" not in os.environ, "run scripts/install-clients.sh"
        pytest.skip("the makers of clients are not installed: scripts/install-clients.sh")
    made = tmp_path_factory.mktemp("made")
    # Packages of Node are looked for from the folder upwards.
    (made / "node_modules").symlink_to(folder / "node" / "node_modules")
    for name in ("journey.py", "journey.mts", "tsconfig.json", "redocly.yaml", "spectral.yaml"):
        shutil.copy(HERE / name, made / name)
    (made / "package.json").write_text('{"type": "module"}')
    return Tools(folder, made)


@pytest.fixture(scope="session")
def python_client(tools: Tools) -> str:
    """What the maker of the Python client has said."""
    config = f"--config={HERE / 'python-client.yaml'}"
    run = tools.python(
        "openapi-python-client", "generate", f"--path={CONTRACT}", config, "--output-path=award_client",
        "--meta=none", "--fail-on-warning",
    )  # fmt: skip
    assert run.returncode == 0, told(run)
    return told(run)


@pytest.fixture(scope="session")
def typescript_client(tools: Tools) -> str:
    """What openapi-typescript, @hey-api/openapi-ts and the compiler have said of both clients and of the journey."""
    runs = [
        tools.node("openapi-typescript", CONTRACT, "--output=schema.d.ts"),
        tools.node("openapi-ts", f"--input={CONTRACT}", "--output=award", "--client=@hey-api/client-fetch"),
        tools.node("tsc", "--project", "tsconfig.json"),
    ]
    assert [told(run) for run in runs if run.returncode] == []
    return "".join(told(run) for run in runs)
