"""The generated page `docs/acts.md`: for each operation that writes the file of the service that carries it out."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.web.contract import routes_of

_SERVICES = "app.services."


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """An operation that writes, and what carries it out: a function, and its file under `app/services`."""

    operation: str
    method: str
    path: str
    function: str
    file: str

    @property
    def file_named(self) -> bool:
        """Whether the file bears the operation's name: whoever knows the one finds the other."""
        return self.file.rpartition("/")[2] == f"{self.operation}.py"

    @property
    def function_named(self) -> bool:
        """Whether the function in it does."""
        return self.function == self.operation


def acts_page(app: FastAPI) -> str:
    """The page as Markdown."""
    lines = [
        "# Where each act is carried out\n",
        "Each operation that writes has a file of its name, with a function of its name, in its room under "
        "`app/services/`; the table tells the room. What several acts of a room share stands beside them, in a file "
        "that bears the name of the object.\n",
        "| operation | request | file | function |",
        "|---|---|---|---|",
    ]
    for item in sorted(carried_out(app), key=lambda item: item.operation):
        file = f"[`{item.file}`](../app/services/{item.file})"
        lines.append(f"| `{item.operation}` | `{item.method} {item.path}` | {file} | `{item.function}` |")
    return "\n".join(lines) + "\n"


def carried_out(app: FastAPI) -> list[CarriedOut]:
    """Every operation that writes, with the service that its endpoint asks; an endpoint that asks none is left out."""
    return [found for route in routes_of(app) if route.methods != {"GET"} for found in _of_route(route)]


def _of_route(route: APIRoute) -> Iterator[CarriedOut]:
    asked = list(_services(route.endpoint))
    # What prepares the act is asked before it; what bears its name is the act.
    asked.sort(key=lambda service: (service.__name__ != route.name, service.__name__.startswith("read_")))
    for service in asked[:1]:
        file = service.__module__.removeprefix(_SERVICES).replace(".", "/") + ".py"
        method = ", ".join(sorted(route.methods or ()))
        yield CarriedOut(route.name, method, route.path, service.__name__, file)


def _services(endpoint: Callable[..., object]) -> Iterator[FunctionType]:
    """The coroutines of the services that an endpoint names, as they stand in it."""
    known: dict[str, object] = getattr(endpoint, "__globals__", {})
    nodes = (node for node in ast.walk(_tree(endpoint)) if isinstance(node, ast.Name | ast.Attribute))
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        named = _named(node, known)
        if (
            isinstance(named, FunctionType)
            and named.__module__.startswith(_SERVICES)
            and inspect.iscoroutinefunction(named)
        ):
            yield named


def _tree(endpoint: Callable[..., object]) -> ast.AST:
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(endpoint))).body
    # Who may call it stands in the signature; what it does, in the body.
    return ast.Module(function.body, []) if isinstance(function, ast.AsyncFunctionDef) else function


def _named(node: ast.expr, known: dict[str, object]) -> object:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = known.get(node.value.id)
        return getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
    return None
