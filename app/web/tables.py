"""Any list as a table: `Accept: text/csv`, or the type of an XLSX workbook. The same rows, filters and permissions as
the list has in JSON, because it is that list that is asked, page after page; what is read on record leaves its entries
as well. An answer with several lists is a table of each: sheets of one workbook, one under the other in a CSV. Who
takes JSON as gladly is given JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID

import orjson
from anyio import to_thread
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.kernel.clock import shanghai_day
from app.kernel.paging import MAX_LIMIT
from app.kernel.printing import MEDIA_TYPES, PaperFormat, printed
from app.kernel.printing.document import Block, Document
from app.measures.roles import Role
from app.measures.text import Text
from app.schemas.labels import beside_the_contract
from app.store import called
from app.web.policy import Policy
from app.web.problems import english
from app.web.representations import DONE, VARIES
from app.web.table_columns import Column, Listed, tables_of

# A hundred pages. What there is beyond is named by `Link`, and in the last line.
MOST_ROWS = 10_000
# These may have every name that an id in a list leads to.
_KNOW_NAMES = frozenset({Role.OFFICE, Role.AUDITOR})
_READY = 200
# What is asked of the table, and not of each page.
_OF_ONE_ANSWER = frozenset({b"accept", b"accept-encoding", b"if-none-match"})


@dataclass(slots=True)
class _Asked:
    """What was asked for, and where the list goes on beyond what it answers."""

    route: APIRoute
    scope: Scope
    receive: Receive
    form: PaperFormat
    query: list[tuple[str, str]]
    paged: bool
    rows: dict[str, list[list[str]]] = field(default_factory=dict)
    further: str | None = None


async def answer_table(route: APIRoute, scope: Scope, receive: Receive, send: Send, form: PaperFormat) -> None:
    """Answer the list as a table; what the list itself refuses is refused in its words."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    paged = "next_cursor" in getattr(route.response_model, "model_fields", {})
    asked = _Asked(route, scope, receive, form, [pair for pair in pairs if pair[0] != "limit"], paged)
    request = Request(scope)
    tables = await to_thread.run_sync(lambda: tables_of(route.name, english=english(request)))
    asked.rows = {listed.name: [] for listed in tables}
    names, first, read = _Names(asked), tables[0], tables
    cursor = next((value for name, value in asked.query if name == "cursor"), None)
    while True:
        page = await _page(asked, cursor)
        if isinstance(page, _Refused):
            await page.send(send)
            return
        for listed in read:
            items = listed.items(page)
            known = await names.of(listed.columns, items)
            asked.rows[listed.name] += await to_thread.run_sync(_lines, listed.columns, items, known)
        # Of a list in pages it is the first that goes on; what stands beside it is on each of them.
        read = tables[:1]
        further = page.get("next_cursor") if isinstance(page, dict) else None
        if further is None:
            break
        cursor = str(further)
        if len(asked.rows[first.name]) >= MOST_ROWS:
            asked.further = cursor
            break
    await (await _made(asked, tables))(scope, receive, send)


def _lines(
    columns: Sequence[Column], items: Sequence[Mapping[str, object]], names: Mapping[str, str]
) -> list[list[str]]:
    return [[_cell(column, item, names) for column in columns] for item in items]


def _cell(column: Column, item: Mapping[str, object], names: Mapping[str, str]) -> str:
    value = column.value(item)
    if value is None:
        return ""
    return names.get(f"{column.names} {value}", str(value)) if column.names is not None else column.tell(value)


@dataclass(frozen=True, slots=True)
class _Refused:
    """What the list has answered, where it is no list."""

    start: Message
    body: bytes

    async def send(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


async def _page(asked: _Asked, cursor: str | None) -> object:
    """One page of the list, as its route answers it; what the route has refused."""
    query = [pair for pair in asked.query if pair[0] != "cursor"]
    query += [("limit", str(MAX_LIMIT))] if asked.paged else []
    query += [] if cursor is None else [("cursor", cursor)]
    told: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.append(message)
        else:
            body.extend(message.get("body", b""))

    headers = [item for item in asked.scope["headers"] if item[0] not in _OF_ONE_ANSWER]
    scope = {**asked.scope, "query_string": urlencode(query).encode(), "headers": headers}
    await asked.route.handle(scope, asked.receive, keep)
    # The page is no answer of its own: how the whole is sent is seen to elsewhere.
    asked.scope.get("state", {}).pop(DONE, None)
    if told[0]["status"] != _READY:
        return _Refused(told[0], bytes(body))
    page: object = orjson.loads(bytes(body))
    return page


class _Names:
    """What people call what the ids of a list lead to, looked up once for each."""

    def __init__(self, asked: _Asked) -> None:
        self._asked = asked
        self._known: dict[str, str] = {}
        self._may: bool | None = None

    async def of(self, columns: Sequence[Column], items: Sequence[Mapping[str, object]]) -> Mapping[str, str]:
        """The names of the ids of these items, by what they are of and the id."""
        ids: dict[str, set[UUID]] = {}
        for column in columns:
            if column.names is None:
                continue
            found = {str(value) for item in items if (value := column.value(item)) is not None}
            missing = {UUID(value) for value in found if f"{column.names} {value}" not in self._known}
            ids.setdefault(column.names, set()).update(missing)
        wanted_ids = {kind: found for kind, found in ids.items() if found}
        if wanted_ids and await self._may_know():
            database = self._asked.scope["app"].state.database
            async with database.reading() as session:
                for kind, keys in wanted_ids.items():
                    names = await called.names_of(session, kind, keys)
                    self._known |= {f"{kind} {key}": name for key, name in names.items()}
        return self._known

    async def _may_know(self) -> bool:
        if self._may is None:
            calls: list[object] = [item.call for item in self._asked.route.dependant.dependencies]
            policy = next((item for item in calls if isinstance(item, Policy)), None)
            # Of a page that was answered the caller is known already; asked again, for the role alone.
            caller = None if policy is None else await policy.principal(Request(self._asked.scope))
            self._may = caller is not None and caller.role in _KNOW_NAMES
        return self._may


async def _made(asked: _Asked, tables: Sequence[Listed]) -> Response:
    state, in_english = asked.scope["app"].state, english(Request(asked.scope))
    title, first = beside_the_contract("operations")[asked.route.name][0], tables[0]
    headers = dict[str, str]()
    if asked.further is not None:
        asked.rows[first.name].append([_CUT.en if in_english else _CUT.zh, *("" for _ in first.columns[1:])])
        query = [pair for pair in asked.query if pair[0] != "cursor"]
        path = quote(asked.scope["path"])
        headers["Link"] = f'<{path}?{urlencode([*query, ("cursor", asked.further)])}>; rel="next"'
    blocks = tuple(
        _block(listed, asked.rows[listed.name], in_english)
        for listed in tables
        if listed is first or asked.rows[listed.name]
    )
    document = Document(layout="official", title=title, blocks=blocks)
    now = state.clock.now()
    (content,) = await printed([document], asked.form, at=now, settings=state.settings)
    ending = asked.form.value
    name = quote(f"{title} {shanghai_day(now)}.{ending}", safe="")
    return Response(
        content,
        media_type=MEDIA_TYPES[asked.form],
        headers={
            "Content-Disposition": f"attachment; filename=\"list.{ending}\"; filename*=UTF-8''{name}",
            "Cache-Control": "private, no-store",
            "Vary": VARIES,
            **headers,
        },
    )


def _block(listed: Listed, rows: list[list[str]], in_english: bool) -> Block:
    return {
        "shape": "table",
        "text": "",
        "title": listed.title.en if in_english else listed.title.zh,
        "columns": [column.heading for column in listed.columns],
        "widths": [column.width for column in listed.columns],
        "rows": rows,
    }


_CUT = Text(
    f"（未完：一张表最多{MOST_ROWS}行；其余请加筛选条件，或者按 Link 响应头的 next 地址续取）",
    f"(Not all: a table has {MOST_ROWS} rows at most; narrow the filters, or go on with `next` of the `Link` header)",
)
