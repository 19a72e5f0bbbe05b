"""The generated page of how long data that leads to persons is kept."""

from __future__ import annotations

from app.measures.retention import anonymised_mark, kept_for_good, purposes, retention_periods
from app.measures.text import Text


def retention_page() -> str:
    """Every class of data with its period, what is kept for good, and what is processed for what."""
    lines = [
        "# How long personal data is kept\n",
        "From `app/measures/data/retention.toml`, as `GET /v1/retention-periods` and `GET /v1/privacy-notice` tell it. "
        "The measures name no period: these are readings of national law, for the county to confirm or to change "
        "there.\n",
        "A period is of calendar years; the corresponding day is its last. From the next on what is due reads "
        f"`{anonymised_mark()}`, unless something pending holds it. It is done by itself once a day, and by "
        "`python -m app.cli anonymise --due`; `--dry-run` lists what is due, and what is held by what "
        "([how](operations.md#personal-data)).\n",
        "| class | what | years | after | what becomes of it | ground |",
        "|---|---|---|---|---|---|",
    ]
    for key, item in retention_periods().items():
        cells = (_both(item.what), str(item.years), _both(item.event), _both(item.becomes), _both(item.ground))
        lines.append(f"| `{key}` | {' | '.join(cells)} |")
    lines += ["\n## Kept for good\n", "| what | ground |", "|---|---|"]
    lines += [f"| {_both(item.what)} | {_both(item.ground)} |" for item in kept_for_good()]
    lines += ["\n## What for\n", "| what | purpose | ground | who reads it | classes |", "|---|---|---|---|---|"]
    for purpose in purposes():
        told = (_both(purpose.what), _both(purpose.purpose), _both(purpose.ground), _both(purpose.readers))
        lines.append(f"| {' | '.join(told)} | {', '.join(f'`{name}`' for name in purpose.periods)} |")
    return "\n".join(lines) + "\n"


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
