"""Fills in which images exactly a release is made of and stands on: `python scripts/pin_images.py`, as a step of it.

A tag can be moved; what lies behind a digest cannot. `Dockerfile` and `compose.yaml` take every image that is not built
here by tag and digest, and have no default for the digest: without this step nothing is built and nothing starts. Asks
the registry through the engine (`docker buildx imagetools`), and writes `images.env`, which the release keeps:

    docker compose --env-file .env --env-file images.env up --build --detach

`--check` asks nobody, and fails where the file lacks an image or names one otherwise than by the digest of its tag.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "images.env"
_NAMED = re.compile(
    r"(?:^FROM |image: )(?P<image>[a-z0-9./-]+:[\w.-]+)@\$\{(?P<digest>[A-Z]+_DIGEST)[:}]", re.MULTILINE
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PATIENCE = 60.0


class NotPinned(Exception):
    """An image that no digest is known of."""


def images() -> dict[str, str]:
    """The images that are taken from elsewhere, by the name of the variable that holds their digest."""
    found: dict[str, str] = {}
    for name in ("Dockerfile", "compose.yaml"):
        for match in _NAMED.finditer((ROOT / name).read_text(encoding="utf-8")):
            if found.setdefault(match["digest"], match["image"]) != match["image"]:
                raise NotPinned(f"{match['digest']} is asked for two images")
    return found


def asked(image: str) -> str:
    """The digest that the registry has behind the tag now."""
    command = ["docker", "buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_PATIENCE).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        raise NotPinned(f"{image}: the registry could not be asked ({type(error).__name__})") from error
    if not _DIGEST.fullmatch(told):
        raise NotPinned(f"{image}: no digest came back")
    return told


def written(digests: Mapping[str, str]) -> str:
    """What the file holds: by variable the digest, and the image that it is of."""
    of = images()
    return "".join(f"# {of[name]}\n{name}={digest}\n" for name, digest in sorted(digests.items()))


def unpinned(text: str) -> list[str]:
    """What is wrong with the content of a file: images that it lacks, or has under another tag."""
    kept = dict(re.findall(r"^# (\S+)\n[A-Z]+_DIGEST=(\S*)$", text, re.MULTILINE))
    faults = [f"{image} has no digest" for image in images().values() if not _DIGEST.fullmatch(kept.get(image, ""))]
    return faults + [f"{image} is taken no more" for image in kept if image not in images().values()]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    try:
        if not parser.parse_args(arguments).check:
            FILE.write_text(written({name: asked(image) for name, image in images().items()}), encoding="utf-8")
        faults = unpinned(FILE.read_text(encoding="utf-8")) if FILE.exists() else [f"there is no {FILE.name}"]
    except NotPinned as error:
        faults = [str(error)]
    for fault in faults:
        print(f"images: {fault}", file=sys.stderr)
    if not faults:
        print(f"images: {len(images())} by digest")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
