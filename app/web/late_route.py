"""A route whose signature is read when somebody first comes to it.

Reading all of them takes the framework half of a start, and a process is asked for few of them before the next start.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from threading import RLock

from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.routing import compile_path

# Whoever makes the contract may do so in a thread of its own.
_READING = RLock()


class LateRoute(APIRoute):
    """What finding a route takes is there at once; the rest is worked out when the first of it is asked for."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., object],
        *,
        methods: Iterable[str] = ("GET",),
        include_in_schema: bool = True,
        **options: object,
    ) -> None:
        # What the contract calls an operation is what the code calls it.
        options["generate_unique_id_function"] = _name
        self._unread = (path, endpoint, {**options, "methods": methods, "include_in_schema": include_in_schema})
        self.path, self.endpoint, self.include_in_schema = path, endpoint, include_in_schema
        self.name = endpoint.__name__
        self.methods = {method.upper() for method in methods}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> object:
        # Asked only for what is not there.
        with _READING:
            unread = self.__dict__.pop("_unread", None)
            if unread is not None:
                path, endpoint, options = unread
                super().__init__(path, endpoint, **options)
                self._build()
            if name not in self.__dict__:
                raise AttributeError(name)
            return self.__dict__[name]

    def _build(self) -> None:
        """The schemas of body and answer, which would otherwise be built at their first use: there the warning is heard
        that the framework silences here, where it makes fields of parameters."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
            for field in (self.body_field, self.response_field):
                if field is not None:
                    field._type_adapter.rebuild()


def _name(route: APIRoute) -> str:
    return route.name
