"""The page of the contract: every operation in Chinese and English, folded by subject; what it takes and answers is
fetched when it is opened. Made of the contract and of the words beside it, from our own files alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import orjson

from app.kernel.settings import Settings
from app.measures.roles import Role
from app.measures.text import Text
from app.schemas.labels import beside_the_contract, labels_of
from app.web.contract_chinese import CHINESE, add_chinese, sentences
from app.web.contract_examples import Part
from app.web.contract_layout import CONTRACT

_METHODS = ("get", "post", "put", "patch", "delete")
_ARTICLES = re.compile(r"\bArts?\.\s((?:\d+|\(\w\)|,|\bto\b|\band\b|\s)+)")
_PARAGRAPH, _RANGE = re.compile(r"\(\w\)"), re.compile(r"(\d+)(?:\s+to\s+(\d+))?")
# Who may call it stands beside an operation, not in its text as well.
_WHO = re.compile(r"\n\n\*\*[a-z_, ]+\*\*$")
_SENTENCES = re.compile(r"^(.*[。）]) ([A-Z].*)$", re.DOTALL)


@cache
def role_names() -> Mapping[str, Text]:
    """What each role is called."""
    return labels_of("Role", Role)


def worded(document: Part) -> Part:
    """The contract with the words that stand beside it: Chinese to each operation and to whatever is described in
    English, and to each field and parameter without a description what its name means."""
    for operation in operations(document).values():
        for parameter in (_resolved(item, document) for item in operation.get("parameters", [])):
            said = None if "description" in parameter else meaning("parameter", parameter["name"])
            if said is not None:
                parameter |= {"description": said.en, CHINESE: said.zh}
        summary, text = words_of_operations()[operation["operationId"]]
        operation |= {"x-summary-zh": summary, CHINESE: text}
    for name, schema in document["components"]["schemas"].items():
        for field, content in schema.get("properties", {}).items():
            told = meaning(name, field)
            if told is not None and "$ref" not in content and "description" not in content:
                content |= {"description": told.en, CHINESE: told.zh}
    add_chinese(document)
    return document


def meaning(schema: str, field: str) -> Text | None:
    """What a field's name means, in this schema or anywhere; None where nobody has said."""
    found = _fields().get(f"{schema}.{field}") or _fields().get(field)
    if found is not None:
        return Text(found[0], found[1][:1].upper() + found[1][1:])
    stem, _, last = field.rpartition("_")
    known = _fields().get(stem)
    return None if known is None or last not in _DERIVED else _derived(Text(*known), last)


# Endings whose meaning follows from that of the stem.
_DERIVED = ("id", "zh", "en")
_ARTICLE = re.compile("^(?:An?|The) ")


def _derived(stem: Text, ending: str) -> Text:
    if ending == "id":
        return Text(f"{stem.zh}的编号", f"Id of the {_ARTICLE.sub('', stem.en)}")
    zh, en = ("中文", "in Chinese") if ending == "zh" else ("英文", "in English")
    return Text(f"{stem.zh}，{zh}", f"{stem.en[:1].upper()}{stem.en[1:]}, {en}")


@cache
def _fields() -> Mapping[str, Sequence[str]]:
    return beside_the_contract("fields")


@cache
def words_of_operations() -> Mapping[str, Sequence[str]]:
    """Chinese summary and description of each operation, by its id."""
    return beside_the_contract("operations")


@cache
def contract() -> Part:
    """The contract of the release, with the words beside it."""
    return worded(_as_it_lies_there())


def _as_it_lies_there() -> Part:
    # Half the time of the standard library's: somebody waits for the page.
    found: Part = orjson.loads(CONTRACT.read_bytes())
    return found


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who serves the contract, and where, as far as the settings say it."""

    address: str | None
    contact: tuple[tuple[str, str], ...]
    licence: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, settings: Settings) -> Publisher:
        """As the settings have it."""
        contact = (
            ("name", settings.contract_contact_name),
            ("email", settings.contract_contact_email),
            ("url", settings.contract_contact_url),
        )
        licence = (("name", settings.contract_licence_name), ("url", settings.contract_licence_url))
        return cls(settings.public_address, _said(contact), _said(licence))

    def signed(self, document: Part) -> Part:
        """The contract with `contact`, `license` and `servers` of whoever serves it. What is not named stays out; "/"
        is wherever the contract was fetched from."""
        info = {**document["info"]}
        info |= {"contact": dict(self.contact)} if self.contact else {}
        info |= {"license": dict(self.licence)} if self.licence else {}
        # Published, not for the inside alone: as public rule sets for APIs ask it of every server.
        own = [] if self.address is None else [{"url": self.address, "x-internal": False}]
        return {**document, "info": info, "servers": own + document["servers"]}


def _said(pairs: tuple[tuple[str, str | None], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if value is not None)


def operations(document: Part) -> dict[str, Part]:
    """Each operation by its id, with its method and path."""
    return {
        operation["operationId"]: operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    }


def details(operation_id: str) -> Part | None:
    """What the page shows of an operation that is opened: its parameters, its body, its answers, written out; None for
    what is no operation."""
    document = contract()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] == operation_id:
                return {"method": method.upper(), "path": path, **_written_out(operation, document)}
    for name, operation in _sent(document):
        if operation["operationId"] == operation_id:
            # Nobody calls it here: the service sends it, and each of these answers is the receiver's.
            answered = {status: _said_in_both(part) for status, part in operation["responses"].items()}
            told = _written_out(operation, document) | {"answers": {}, "problems": answered}
            return {"method": _SENT, "path": name, "sent": True, **told}
    return None


_SENT = "webhook"


def _sent(document: Part) -> Iterator[tuple[str, Part]]:
    """What the service itself sends to the endpoints of others, each by its name."""
    for name, methods in document.get("webhooks", {}).items():
        yield from ((name, operation) for operation in methods.values())


def _written_out(operation: Part, document: Part) -> Part:
    body = operation.get("requestBody", {}).get("content", {})
    answers = {status: _resolved(part, document) for status, part in operation["responses"].items()}
    return {
        "text": {"zh": operation[CHINESE], "en": _WHO.sub("", operation["description"])},
        "parameters": [_resolved(part, document) for part in operation.get("parameters", [])],
        "body": _content(body, document),
        "answers": {status: _answer(part, document) for status, part in answers.items() if status < "400"},
        "problems": {status: _said_in_both(part) for status, part in answers.items() if status >= "400"},
    }


def _said_in_both(part: Part) -> Part:
    return {"zh": part[CHINESE], "en": part["description"]}


def _answer(part: Part, document: Part) -> Part:
    return {"content": _content(part.get("content", {}), document), "headers": sorted(part.get("headers", {}))}


def _content(content: Part, document: Part) -> Part:
    """Of each media type the schema, and one example."""
    found = {}
    for media, part in content.items():
        examples = [_resolved(item, document)["value"] for item in part.get("examples", {}).values()]
        found[media] = {"schema": part.get("schema", {}), "example": part.get("example", *examples[:1])}
    return found


def _resolved(part: Part, document: Part) -> Part:
    if "$ref" not in part:
        return part
    _, _, kind, name = part["$ref"].split("/")
    found: Part = document["components"][kind][name]
    return found


def schema(name: str) -> Part | None:
    """A schema of the contract by its name; None where there is none."""
    found: Part | None = contract()["components"]["schemas"].get(name)
    return found


def page() -> str:
    """The page: names and summaries of all operations, folded by subject. It needs no more of the contract than their
    lines."""
    document = _as_it_lies_there()
    groups: dict[str, list[str]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            summary = Text(words_of_operations()[operation["operationId"]][0], operation["summary"])
            groups[operation["tags"][0]].append(_line(method, path, summary, operation))
    for name, operation in _sent(document):
        summary = Text(sentences()[operation["summary"]], operation["summary"])
        groups[operation["tags"][0]].append(_line(_SENT, name, summary, operation))
    told = "".join(_group(tag, groups[tag["name"]]) for tag in document["tags"])
    template = files("app").joinpath("static", "reference", "page.html").read_text(encoding="utf-8")
    number = len(operations(document))
    return template.replace("{{version}}", escape(document["info"]["version"])).replace(
        "{{operations}}", told
    ).replace("{{number}}", str(number))  # fmt: skip


def _group(tag: Part, lines: list[str]) -> str:
    match = _SENTENCES.match(tag["description"])
    text = (
        Text(tag["description"], tag["description"])
        if match is None
        else Text(match[1].rstrip("。"), match[2].rstrip("."))
    )
    head = f'<h2>{_both(text)}</h2><span class="count">{len(lines)}</span>'
    return f'<details class="group" id="{tag["name"]}"><summary>{head}</summary>{"".join(lines)}</details>'


def _line(method: str, path: str, summary: Text, operation: Part) -> str:
    roles = "".join(f'<b class="role">{_both(role_names()[role])}</b>' for role in operation.get("x-roles", []))
    articles = _cited(operation["description"])
    told = Text(f"第{'、'.join(articles)}条", f"Art. {', '.join(articles)}")
    cited = f'<b class="articles" data-cited="{" ".join(articles)}">{_both(told)}</b>' if articles else ""
    # A long path breaks where it has parts.
    broken = escape(path).replace("/", "/<wbr>")
    return (
        f'<details class="operation" id="{operation["operationId"]}"><summary><i class="{method}">{method.upper()}</i>'
        f"<code>{broken}</code><span>{_both(summary)}</span>{roles}{cited}</summary></details>"
    )


def _cited(text: str) -> list[str]:
    """Numbers of the articles that a text cites, in their order."""
    numbers: set[int] = set()
    for part in _ARTICLES.findall(text):
        for first, last in _RANGE.findall(_PARAGRAPH.sub("", part)):
            numbers.update(range(int(first), int(last or first) + 1))
    return list(map(str, sorted(numbers)))


def _both(text: Text) -> str:
    """A text in both languages; the page shows one of them."""
    return f'<span lang="zh">{escape(text.zh)}</span><span lang="en">{escape(text.en)}</span>'
