"""The contract's own lint: what every operation must say, how things are named, that nothing asks for a fee (Art. 7).

Prints each fault and exits with 1 when there is one.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from app.commands.pages_law import cited_articles
from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import COLLISIONS
from app.kernel.settings import Settings
from app.main import create_app
from app.measures.fees import mentions_fee
from app.web.contract import build
from app.web.contract_layout import layout
from scripts.contract_clients import client_faults
from scripts.contract_http import http_faults, resolved
from scripts.contract_places import schemas_of
from scripts.contract_words import word_faults
from scripts.strict_schemas import Strict

_SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_KEBAB = re.compile(r"^(/(v1|[a-z][a-z0-9]*(-[a-z0-9]+)*|\{[a-z_]+\}|\.well-known|jwks\.json))+$")
# Health and sign-in serve every article; the rest cite theirs.
_WITHOUT_ARTICLES = frozenset({"system", "identity"})
# Fixed by standards outside ours: JWK members, RFC 9457.
_FOREIGN = frozenset({"kty", "crv", "x", "y", "kid", "use", "alg", "x-roles"})
# As JSON Schema spells them, in which forms are described.
_FOREIGN |= {"minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "maxProperties"}
_FOREIGN |= {"additionalProperties", "propertyNames", "anyOf"}
# Refusals by the measures: no answer of them is without the rule that refuses.
_CITING = {code.value for code, text in PROBLEMS.items() if text.status == 409} - COLLISIONS
_CITING |= {ProblemCode.RULE_REFUSED.value}
# A reviewer reads it in a diff.
MAX_LINES = 20_000
_WORDS_IN_A_PATTERN = re.compile(r"\^\(?(?:\?:)?[a-z_]+\$?(?:\|\^?[a-z_]+\$?)+\)?\$?$")
_PASCAL = re.compile(r"^[A-Z][A-Za-z0-9]*$")
_MADE_BY_THE_FRAMEWORK = ("Body", "PageOut", "HTTPValidationError", "ValidationError")
# Beside three hundred others these say nothing.
_GENERAL = frozenset(
    {"Action", "Done", "Grade", "Ground", "Item", "Kind", "Name", "Outcome", "Reason", "Severity", "Stage"}
    | {"State", "Status", "Step", "Type", "Value", "Verdict"}
)
_LOWER, _UPPER = frozenset({"minimum", "exclusiveMinimum"}), frozenset({"maximum", "exclusiveMaximum"})
# A field of such a name holds one of few words, and its schema names them.
_OF_FEW_WORDS = re.compile(r"^(.+_)?(category|grade|kind|outcome|role|severity|stage|state|status)$|^(finding|origin)$")
# Elsewhere a reason is a sentence.
_OF_FEW_WORDS_HERE = frozenset({"Violation.reason", "Problem.code", "FieldFault.code"})
# Any text all the same, and why.
_OF_ANY_TEXT = {
    "FindingFacts.categories[]": "those of a department's that are none of the categories (Art. 10)",
    "ConsultedDepartment.categories[]": "as the office writes it; the rule answers which there is none of (Art. 10)",
    "Problem.type": "an address by the code (RFC 9457), which is the word",
    "AuditEntryOut.actor_role": "an account's role, or who acted without one: the command line, the service itself",
    "Health.status": "it is `ok`; whatever is not is a problem document",
    "LicenceIn.kind": "what the licence permits, as its authority calls it",
    "SchemeItem.category": "a heading of the scoring scheme, of the office's own making",
}
# Values of any kind all the same, and why.
_OF_ANY_VALUE = {
    "PlainValue": "the name of such a value, for the one place that follows",
    **dict.fromkeys(
        (f"FormNode.{name}" for name in ("properties[]", "additionalProperties", "propertyNames", "items", "anyOf[]")),
        "a node again; a type that holds itself has no end in most languages",
    ),
    "AuditDetails[]": "kept and sealed as each act told it, those of acts and versions that are no more as well",
}
# A field that holds words of several lists, and how one knows of which.
_OF_SEVERAL_LISTS = {
    "FindingFacts.kind": "of what the reason is about: of a licence any text, of an instrument or a medium a word",
    "FindingFacts.state": "of whichever machine the reason is about; `object` says which",
}
# Words in one schema, text in another: a field of such a name may hold either, and why.
_TEXT_ELSEWHERE = {
    "answer": "a department's is one of few; an objector is answered in sentences",
    "basis": "a case's is one of two; a record's is the document that shows it",
    "code": "of problems and fields; others have codes of the office's or the registration's making",
    "counted": "of a period; elsewhere how many",
    "level": "of a standard or an honour; elsewhere a number",
    "origin": "of a record or a conflict; elsewhere the address that asked",
    "reason": "of a finding; elsewhere a sentence",
    "rule": "of a removal; elsewhere any rule of the catalogue",
    "use": "of the title; that of a key is fixed by RFC 7517",
}


def faults(document: dict[str, Any]) -> Iterator[str]:
    """Every fault of an OpenAPI document; those of its operations, which take longest to find, last."""
    for rule in (
        client_faults,
        word_faults,
        _title_faults,
        _integer_faults,
        _size_faults,
        _name_faults,
        _description_faults,
        _enumeration_faults,
        _word_faults,
        _name_word_faults,
        _free_faults,
        http_faults,
    ):
        yield from rule(document)
    for name, schema in document["components"]["schemas"].items():
        yield from _schema_faults(name, schema)
    yield from _fee_faults(document)
    seen: set[str] = set()
    strict = Strict(document["components"].get("schemas", {}))
    described = {tag["name"] for tag in document.get("tags", []) if tag.get("description")}
    for path, methods in document["paths"].items():
        if not _KEBAB.match(path):
            yield f"{path}: not kebab-case"
        for method, operation in methods.items():
            name = operation.get("operationId", "")
            where = f"{method.upper()} {path}"
            if name in seen or not _SNAKE.match(name):
                yield f"{where}: operationId {name!r} is not unique snake_case"
            seen.add(name)
            for tag in set(operation.get("tags", [])) - described:
                yield f"{where}: its tag {tag} is not described"
            yield from _operation_faults(where, operation, document, strict)


def _size_faults(document: dict[str, Any]) -> Iterator[str]:
    lines = layout(document).count("\n")
    if lines >= MAX_LINES:
        yield f"the document: {lines} lines; what is said twice belongs into the components"


def _name_faults(document: dict[str, Any]) -> Iterator[str]:
    for name in document["components"]["schemas"]:
        if not _PASCAL.match(name) or name.startswith(_MADE_BY_THE_FRAMEWORK):
            yield f"{name}: the name of a module or of the framework's making, not a word of the trade"
        if name in _GENERAL:
            yield f"{name}: too general a name; of what?"


def _description_faults(document: dict[str, Any]) -> Iterator[str]:
    """Whoever reads the contract alone learns what each thing in it is."""
    for name, schema in document["components"]["schemas"].items():
        if not schema.get("description", "").strip():
            yield f"{name}: nothing says what it is; its class needs a docstring, its words a description"


def _enumeration_faults(document: dict[str, Any]) -> Iterator[str]:
    """An enumeration is said once, and has a name: a client knows it again in a body, an answer and a filter."""
    told: dict[frozenset[Any], list[str]] = {}
    for where, _, schema, _ in schemas_of(document):
        if "enum" in schema:
            told.setdefault(frozenset(schema["enum"]), []).append(where)
        if _lists_words(schema) and where not in document["components"]["schemas"]:
            yield f"{where}: words without a name; they belong into the components"
    for words, places in told.items():
        if len(places) > 1:
            yield f"{', '.join(places)}: {sorted(words, key=str)} is enumerated {len(places)} times; name it once"


def _lists_words(schema: dict[str, Any]) -> bool:
    """Be it as an enumeration, as a pattern that holds nothing else, or as a choice of constants."""
    choice = [part for key in ("anyOf", "oneOf") for part in schema.get(key, ()) if part.get("type") != "null"]
    constants = len(choice) > 1 and all(isinstance(part.get("const"), str) for part in choice)
    return "enum" in schema or constants or _WORDS_IN_A_PATTERN.match(schema.get("pattern", "")) is not None


def _word_faults(document: dict[str, Any]) -> Iterator[str]:
    """What is one of few words is not told as any text."""
    for where, name, schema, _ in schemas_of(document):
        any_text = schema.get("type") == "string" and not {"enum", "const"} & schema.keys()
        named = _OF_FEW_WORDS.match(name) or where in _OF_FEW_WORDS_HERE
        spared = where in _OF_ANY_TEXT or where in _OF_SEVERAL_LISTS
        if any_text and named and not spared:
            yield f"{where}: one of few words, and the contract takes it for any text"


def _name_word_faults(document: dict[str, Any]) -> Iterator[str]:
    """What one schema tells as a word of a list, another of the same name does not tell as any text."""
    lists = {name for name, schema in document["components"]["schemas"].items() if "enum" in schema}
    found = [(where, name, schema) for where, name, schema, _ in schemas_of(document) if name]
    listed = {name for _, name, schema in found if schema.get("$ref", "").rpartition("/")[2] in lists}
    for where, name, schema in found:
        kinds = schema.get("type", [])
        text = "string" in ([kinds] if isinstance(kinds, str) else kinds) and not {"enum", "const"} & schema.keys()
        spared = name in _TEXT_ELSEWHERE or where in _OF_ANY_TEXT or where in _OF_SEVERAL_LISTS
        if text and name in listed and not spared:
            yield f"{where}: elsewhere one of few words, and here any text"


def _free_faults(document: dict[str, Any]) -> Iterator[str]:
    """An object that names no fields tells an integrator nothing, nor does a value that may be of any kind."""
    parts = document["components"]["schemas"]
    anything = {name for name, schema in parts.items() if {part.get("type") for part in _choice(schema)} >= _ANY_KIND}
    anything |= {name for name, schema in parts.items() if not _SAYS & schema.keys()}
    for where, _, schema, _ in schemas_of(document):
        within = re.split(r"[.\[]", where)[0]
        if schema.get("$ref", "").rpartition("/")[2] in anything - {within} and where not in _OF_ANY_VALUE:
            yield f"{where}: a value of any kind"
        if _is_free(schema):
            yield f"{where}: an object of unsaid fields"
        elif not _SAYS & schema.keys() and where not in _OF_ANY_VALUE:
            yield f"{where}: it may hold anything"


# What says of a schema which values are of it.
_SAYS = frozenset({"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const", "not"})


_ANY_KIND = {"string", "array", "object"}


def _choice(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = schema.get("anyOf", [])
    return found


def _is_free(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", [])
    named = schema.get("properties") or schema.get("additionalProperties") not in (None, True, {})
    return "object" in ([kinds] if isinstance(kinds, str) else kinds) and not named


def _title_faults(document: dict[str, Any]) -> Iterator[str]:
    for where, name, schema, _ in schemas_of(document):
        title = schema.get("title", "")
        if title and _letters(title) == _letters(name):
            yield f"{where}: its title says its name again"


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _integer_faults(document: dict[str, Any]) -> Iterator[str]:
    for where, name, schema, taken in schemas_of(document):
        kinds = schema.get("type", [])
        if "integer" not in ([kinds] if isinstance(kinds, str) else kinds):
            continue
        if schema.get("format") not in ("int32", "int64"):
            yield f"{where}: an integer without its size"
        elif name.endswith("_fen") and schema["format"] != "int64":
            yield f"{where}: an amount that is not of 64 bits"
        if any(isinstance(schema.get(bound), float) for bound in ("minimum", "maximum", "default")):
            yield f"{where}: a bound of an integer that is a fraction"
        if taken and not (_LOWER & set(schema) and _UPPER & set(schema)):
            yield f"{where}: an integer that is taken without bounds"


def _operation_faults(where: str, operation: dict[str, Any], document: dict[str, Any], strict: Strict) -> Iterator[str]:
    for part in ("summary", "description", "tags", "responses"):
        if not operation.get(part):
            yield f"{where}: no {part}"
    if not {"security"} & (operation.keys() | document.keys()) or "x-roles" not in operation:
        yield f"{where}: says neither who may nor how he signs in"
    if not _WITHOUT_ARTICLES & set(operation.get("tags", [])) and not cited_articles(operation.get("description", "")):
        yield f"{where}: cites no article"
    statuses = set(operation.get("responses", {}))
    if not statuses & {"200", "201", "204"}:
        yield f"{where}: no answer of success"
    for status, response in operation.get("responses", {}).items():
        if status >= "400" and set(resolved(response, document).get("content", {})) != {"application/problem+json"}:
            yield f"{where}: {status} is not a problem document"
        answer = resolved(response, document)
        yield from _example_faults(f"{where}: {status}", answer, document, strict)
    body = operation.get("requestBody", {})
    yield from _example_faults(f"{where}: the body", body, document, strict)


def _example_faults(where: str, part: dict[str, Any], document: dict[str, Any], strict: Strict) -> Iterator[str]:
    """An example for every body, and each one is what its schema says: all of it, and nothing else."""
    for media, content in part.get("content", {}).items():
        if "schema" not in content:
            continue
        given = [content["example"]] if "example" in content else []
        given += [resolved(item, document)["value"] for item in content.get("examples", {}).values()]
        if not given:
            yield f"{where} has no example"
        if len(given) > 1 and not media.startswith("application/problem"):
            yield f"{where} has {len(given)} examples; one is enough"
        if "json" not in media:
            continue
        for example in given:
            for fault in strict.faults(content["schema"], example):
                yield f"{where}: the example is not of its schema: {fault[:200]}"
            if isinstance(example, dict) and example.get("code") in _CITING and not example.get("violations"):
                yield f"{where}: the example {example['code']} cites no rule"


def _schema_faults(name: str, schema: dict[str, Any]) -> Iterator[str]:
    for field, content in schema.get("properties", {}).items():
        if not _SNAKE.match(field) and field not in _FOREIGN:
            yield f"{name}.{field}: not snake_case"
        if field == "state" and schema.get("additionalProperties") is False:
            yield f"{name}.state: a state is only ever told, never taken"
        if content.get("type") == "number":
            yield f"{name}.{field}: a binary fraction; amounts are fen, scores are decimal strings"


def _fee_faults(document: dict[str, Any]) -> Iterator[str]:
    names = set(document["components"]["schemas"])
    names |= {field for schema in document["components"]["schemas"].values() for field in schema.get("properties", {})}
    names |= set(document["paths"])
    for finding in mentions_fee(names=sorted(names)):
        if finding.outcome != "pass":
            yield f"Art. 7: {finding.message.en}: {dict(finding.facts)}"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(keys_file=Path(folder) / "keys.json", files_url=f"file:{folder}/files")
        found = list(faults(build(create_app(settings))))
    for fault in found:
        print(fault)
    print(f"contract: {len(found)} fault(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
