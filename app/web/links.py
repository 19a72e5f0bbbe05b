"""Addresses that an answer names beside its body: of what was made, and of the pages of a list (RFC 8288)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import reduce
from operator import getitem
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.kernel.paging import MAX_CURSOR

# Where what was made can be read, by operation: parts of the address are those of the path, or of the answer. What can
# be read in a list alone has no address of its own, and is not here.
LOCATIONS: Mapping[str, str] = {
    "add_candidate": "/v1/rounds/{round_id}/candidate-list",
    "admit_reviewer": "/v1/reviewers/{id}",
    "approve_awards": "/v1/rounds/{round_id}/approval",
    "change_name": "/v1/organisations/{organisation_id}",
    "close_material_review": "/v1/rounds/{round_id}/onsite-list",
    "confirm_qualified_list": "/v1/rounds/{round_id}/qualified-list",
    "create_application": "/v1/applications/{id}",
    "create_round": "/v1/rounds/{id}",
    "decide_prize_not_ordered": "/v1/disbursements/{id}",
    "file_paper_scan": "/v1/papers/{number}",
    "fix_proposed_list": "/v1/rounds/{round_id}/proposed-list",
    "issue_decree": "/v1/rounds/{round_id}/decree",
    "issue_evaluation": "/v1/rounds/{round_id}/evaluation",
    "link_successor": "/v1/organisations/{organisation_id}",
    "enter_statement": "/v1/revocations/{revocation_id}",
    "open_revocation": "/v1/revocations/{id}",
    "order_disbursement": "/v1/disbursements/{id}",
    "order_plaque": "/v1/plaques/{id}",
    "publish_candidates": "/v1/rounds/{round_id}/candidate-list",
    "record_deliberation": "/v1/rounds/{round_id}/deliberation",
    "record_material_report": "/v1/applications/{application_id}/material-report",
    "record_onsite_report": "/v1/applications/{application_id}/onsite-report",
    "register_organisation": "/v1/organisations/{organisation.id}",
    "upload_attachment": "/v1/applications/{application_id}/attachments/{id}/content",
    "upload_objection_file": "/v1/objections/{objection_id}/files/{id}/content",
    "upload_reply_file": "/v1/adverse-records/{record_id}/files/{id}/content",
    "upload_stamped_opinion": "/v1/stamped-opinions/{id}",
    "upload_withdrawal_letter": "/v1/conferral-doubts/{doubt_id}/files/{id}/content",
    "upload_statement_file": "/v1/revocations/{revocation_id}/files/{id}/content",
    "verify_organisation": "/v1/organisations/{organisation_id}",
}
# A parameter of the request's path, or a place in the answer.
_NAMED = re.compile(r"\{([\w.]+)\}")
# How the body of a page ends, whoever writes it: the cursor is the last of it.
_PAGE_END = re.compile(rb'"next_cursor":(?:null|"([^"\\]{1,%d})")\}$' % MAX_CURSOR)
_TAIL = MAX_CURSOR + 40


def locate(operation: str, request: Request, response: Response) -> None:
    """Say where what was made can be read, where it has an address."""
    template = LOCATIONS.get(operation)
    if template is None or response.status_code != 201:
        return
    path = request.path_params
    made = json.loads(bytes(response.body)) if set(_NAMED.findall(template)) - path.keys() else {}

    def named(place: re.Match[str]) -> str:
        value = path[place[1]] if place[1] in path else reduce(getitem, place[1].split("."), made)
        return quote(str(value), safe="")

    response.headers["Location"] = _NAMED.sub(named, template)


def is_page(body: bytes) -> bool:
    """Whether a body is a page of a list."""
    return _PAGE_END.search(body[-_TAIL:]) is not None


def page_links(scope: Scope, body: bytes) -> str | None:
    """`Link` of a page: the first one, and the next where there is one. None for what is no page. The addresses are
    relative, as the caller knows the service."""
    found = _PAGE_END.search(body[-_TAIL:])
    if found is None:
        return None
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in asked if name != "cursor"]
    path = quote(scope["path"])
    links = [(kept, "first")]
    if found[1] is not None:
        links.append(([*kept, ("cursor", found[1].decode())], "next"))
    return ", ".join(f'<{path}{"?" if query else ""}{urlencode(query)}>; rel="{name}"' for query, name in links)
