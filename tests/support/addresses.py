"""Whether what is offered says where it is done, and whether the form there takes what is sent."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from sandbox.world import World, ok


def misaddressed(world: World, offered: Mapping[str, Any], *, method: str, target: str, body: Any) -> Iterator[str]:
    """What is wrong with the address and the form of an act that is really done so."""
    if offered["method"] != method or not _fits(offered["path"], target):
        yield f"offered at {offered['method']} {offered['path']}, done at {method} {target}"
    if (offered["form"] is None) != (not body):
        yield f"the form {offered['form']} is not that of {body}"
    elif offered["form"] is not None:
        form = ok(world.public.get(offered["form"]))
        judge = Draft202012Validator(form["body"], format_checker=FormatChecker())
        yield from (f"its form does not take {fault.json_path}: {fault.message}" for fault in judge.iter_errors(body))
        if form["method"] != method or not _fits(form["path"], target):
            yield f"its form is sent to {form['method']} {form['path']}, not to {target}"


def _fits(template: str, target: str) -> bool:
    """Whether the address is one of the template: what stands in braces is anything."""
    parts = [re.escape(part) if not part.startswith("{") else "[^/]+" for part in template.split("/")]
    return re.fullmatch("/".join(parts), target) is not None
