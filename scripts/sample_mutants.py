"""Some of the mutants, the same for the same seed: `python scripts/sample_mutants.py COUNT SEED PATTERN ...`.

A mutant of a service costs seconds, as its tests go through HTTP and a database. `scripts/mutate.sh` runs this in its
throw-away copy: the mutants are made there, as the run itself would make them, and those chosen are printed by name.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
from fnmatch import fnmatch
from pathlib import Path


def chosen(names: list[str], count: int, seed: int, patterns: list[str]) -> list[str]:
    """`count` of the names that a pattern means, or all where there are fewer; in the order of names."""
    meant = sorted(name for name in names if not patterns or any(fnmatch(name, pattern) for pattern in patterns))
    return sorted(random.Random(seed).sample(meant, min(count, len(meant))))


def _made() -> list[str]:
    # It changes the way in which processes start, so it is imported only where mutants are made.
    from mutmut.__main__ import create_mutants
    from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir

    folder = Path("mutants")
    folder.mkdir(exist_ok=True)
    with Path(os.devnull).open("w") as quiet, contextlib.redirect_stdout(quiet):
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(os.cpu_count() or 1)
    return [
        name
        for file in folder.rglob("*.meta")
        for name in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    ]


if __name__ == "__main__":
    count, seed, *patterns = sys.argv[1:]
    for name in chosen(_made(), int(count), int(seed), patterns):
        print(name)
