"""What stands in a query is said once and as JSON writes it; a name that an operation does not know is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, get_args, get_origin

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.field_texts import FIELDS
from app.measures.text import Text
from app.schemas.common import Line

PartOfName = Annotated[Line | None, Query(description="Part of the organisation's name, as names are compared.")]
AfterDecision = Annotated[
    bool, Query(description="Of a letter that the office files with a case in which the government has revoked.")
]
# A query is text; numbers and truths in it are written as JSON writes them, and in no other way.
_WRITTEN = {
    bool: (re.compile("true|false"), FieldCode.NOT_A_BOOLEAN),
    int: (re.compile("-?[0-9]+"), FieldCode.NOT_AN_INTEGER),
}


def typed_queries(dependant: Dependant) -> Iterator[tuple[str, type]]:
    """Names of the queries that are whole numbers or truths."""
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        kinds = {annotation, *get_args(annotation)} & set(_WRITTEN)
        if kinds:
            yield parameter.alias, kinds.pop()
    for inner in dependant.dependencies:
        yield from typed_queries(inner)


def single_queries(dependant: Dependant) -> Iterator[str]:
    """Names of the queries that have one value."""
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if not {get_origin(kind) or kind for kind in (annotation, *get_args(annotation))} & {list, set, tuple}:
            yield parameter.alias
    for inner in dependant.dependencies:
        yield from single_queries(inner)


def refuse_twice(given: Iterable[tuple[str, object]], single: Collection[str], place: str) -> None:
    """`Invalid` where a name that has one value is given twice: whoever looks at the request before us may follow the
    one and we the other."""
    times = Counter(name for name, _ in given if name in single)
    text = Text("只能填写一次", "It may be given only once")
    faults = [FieldError(f"{place}{name}", FieldCode.DUPLICATE, text) for name, count in times.items() if count > 1]
    if faults:
        raise Invalid(Text("请按 errors 所列逐项改正", "Correct each field named in `errors`"), errors=faults)


def as_json_writes_it(request: Request, typed: Mapping[str, type]) -> None:
    """`Invalid` where a whole number or a truth is written otherwise."""
    faults = [
        FieldError(f"/query/{name}", code, FIELDS[code])
        for name, value in request.query_params.multi_items()
        if name in typed
        for pattern, code in [_WRITTEN[typed[name]]]
        if pattern.fullmatch(value) is None
    ]
    if faults:
        raise Invalid(Text("请按 errors 所列逐项改正", "Correct each field named in `errors`"), errors=faults)


def query_names(dependant: Dependant) -> Iterator[str]:
    """Names of all the queries that an operation takes."""
    yield from (parameter.alias for parameter in dependant.query_params)
    for child in dependant.dependencies:
        yield from query_names(child)


def unknown_query(known: set[str]) -> Invalid:
    """The refusal of a query that the operation does not know, with those that it does."""
    # Who mistypes `dry_run` must not find the act done.
    listed = sorted(known)
    text = Text(
        f"查询参数有误；此操作只接受：{'、'.join(listed) or '无'}",
        f"Unknown query parameter; there are: {', '.join(listed) or 'none'}",
    )
    return Invalid(text, errors=[FieldError("/query", FieldCode.UNKNOWN_PARAMETER, text)])
