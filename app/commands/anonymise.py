"""What is due of personal data, listed or anonymised by the operator; it is done by itself as well."""

from __future__ import annotations

from collections.abc import Sequence

from app.commands.operator import looking, operating
from app.kernel.files import FileStore
from app.kernel.settings import Settings
from app.measures.retention import due_on
from app.services.privacy.anonymise_due import Anonymised, anonymise_due, listed_due
from app.store.privacy.due import Due


async def list_due(settings: Settings) -> list[Due]:
    """All whose period is over, held ones included; nothing is changed."""
    async with looking(settings) as context:
        return [item async for item in listed_due(context)]


async def anonymise(settings: Settings) -> Anonymised:
    """Anonymise all that is due and not held."""
    return await anonymise_due(lambda: operating(settings), FileStore.from_settings(settings))


def listed(items: Sequence[Due]) -> list[str]:
    """What `anonymise --due --dry-run` says: a line for each thing, and the numbers."""
    said = [
        f"{item.data_class}  {item.subject_type} {item.subject_id}  event {item.event_on}  "
        f"due {due_on(item.data_class, item.event_on)}  {_standing(item)}"
        for item in items
    ]
    held = sum(1 for item in items if item.held_by)
    return [*said, f"{len(items) - held} due, {held} held by what is pending; nothing was changed"]


def _standing(item: Due) -> str:
    return f"held: {', '.join(item.held_by)}" if item.held_by else "due"


def done(found: Anonymised) -> list[str]:
    """What `anonymise --due` says."""
    said = [f"{name}: {count} anonymised" for name, count in found.done.items()]
    said += [f"held by {name}: {count}" for name, count in found.held.items()]
    return [*said, f"{sum(found.done.values())} anonymised, {found.files} file(s) removed"]
