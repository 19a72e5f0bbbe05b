"""A round's ends, played by the generated Python client: `apply` for an organisation and its unit, `pay` for the
payment platform. What it needs comes as JSON on standard input; what came of it is told as JSON."""

import io
import json
import sys
from base64 import b64decode
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from award_client.api.applications import (
    create_application,
    edit_application,
    request_recommendation,
    submit_application,
    upload_attachment,
)
from award_client.api.awards import verify_certificate
from award_client.api.disbursements import acknowledge_disbursement, pull_disbursements, report_payment
from award_client.api.identity import issue_token
from award_client.api.recommendations import endorse_application, list_recommendations
from award_client.client import AuthenticatedClient, Client
from award_client.models import (
    AcknowledgementIn,
    ApplicationIn,
    ApplicationOut,
    ApplicationPatch,
    AttachmentOut,
    CertificateOut,
    DisbursementDetail,
    EndorsementIn,
    FeedOut,
    GrantType,
    IssueTokenForm,
    PaymentConfirmationIn,
    RecommendationGiven,
    RecommendationPage,
    RecommendationRequestIn,
    TokenOut,
)
from award_client.types import File, Response

T = TypeVar("T")


def of(kind: type[T], answer: Response[Any]) -> T:
    """What was answered, of the kind that a success is; a problem document is told and ends the journey."""
    if not isinstance(answer.parsed, kind):
        sys.exit(f"{answer.status_code}: {answer.content.decode()}")
    return answer.parsed


def signed_in(url: str, form: IssueTokenForm) -> AuthenticatedClient:
    """A client with an access token, fetched at the token endpoint."""
    given = of(TokenOut, issue_token.sync_detailed(client=Client(base_url=url), body=form))
    return AuthenticatedClient(base_url=url, token=given.access_token)


def by_password(url: str, login: str, password: str) -> AuthenticatedClient:
    """People's way in."""
    return signed_in(url, IssueTokenForm(grant_type=GrantType.PASSWORD, username=login, password=password))


def apply(given: dict[str, Any]) -> dict[str, Any]:
    """Begin, fill in, upload, ask the unit, have it endorse, submit."""
    client = by_password(given["url"], given["login"], given["password"])
    body = ApplicationIn(round_id=UUID(given["round_id"]))
    draft = of(
        ApplicationOut, create_application.sync_detailed(client=client, body=body, idempotency_key="begin-by-python")
    )
    patch = ApplicationPatch.from_dict({"content": given["content"]})
    version = f'"{draft.version}"'
    filled = edit_application.sync_detailed(draft.id, client=client, body=patch, if_match=version)
    of(ApplicationOut, filled)
    for material in given["materials"]:
        file = File(payload=io.BytesIO(b64decode(given["file"])), mime_type="application/pdf")
        of(AttachmentOut, upload_attachment.sync_detailed(
            draft.id, client=client, body=file, material=material, filename="sample.pdf"))  # fmt: skip
    asked = RecommendationRequestIn(unit_id=UUID(given["unit_id"]))
    of(ApplicationOut, request_recommendation.sync_detailed(draft.id, client=client, body=asked))
    unit = by_password(given["url"], given["unit_login"], given["unit_password"])
    queue = of(RecommendationPage, list_recommendations.sync_detailed(client=unit))
    (waiting,) = [item for item in queue.items if item.application_id == draft.id]
    opinion = EndorsementIn(
        facts_verified=["登记信息", "经营地址"],
        opinion="经核实，同意推荐。",
        signatory="样例负责人",
        signed_on=date.fromisoformat(given["today"]),
    )
    of(RecommendationGiven, endorse_application.sync_detailed(waiting.id, client=unit, body=opinion))
    done = of(ApplicationOut, submit_application.sync_detailed(draft.id, client=client))
    return {"application_id": str(done.id), "state": str(done.state)}


def pay(given: dict[str, Any]) -> dict[str, Any]:
    """Pull the feed, take the order over, report the payment; then anybody asks what the certificate is worth."""
    form = IssueTokenForm(
        grant_type=GrantType.CLIENT_CREDENTIALS, client_id=given["client_id"], client_secret=given["client_secret"]
    )
    client = signed_in(given["url"], form)
    feed = of(FeedOut, pull_disbursements.sync_detailed(client=client))
    (order,) = [item.disbursement for item in feed.items if str(item.disbursement.id) == given["disbursement_id"]]
    taken = AcknowledgementIn(attempt=order.attempt)
    of(DisbursementDetail, acknowledge_disbursement.sync_detailed(order.id, client=client, body=taken))
    receipt = PaymentConfirmationIn(
        attempt=order.attempt,
        confirmation_number=f"PAY-{given['disbursement_id'][-12:]}",
        amount_fen=order.amount_fen,
        paid_on=date.fromisoformat(given["today"]),
    )
    paid = of(DisbursementDetail, report_payment.sync_detailed(order.id, client=client, body=receipt))
    # Public: the token is looked at where there is one, and this client has one.
    shown = of(CertificateOut, verify_certificate.sync_detailed(given["certificate"], client=client))
    return {"state": str(paid.state), "status": str(shown.status), "name": shown.awarded_name}


if __name__ == "__main__":
    act = {"apply": apply, "pay": pay}[sys.argv[1]]
    print(json.dumps(act(json.load(sys.stdin)), ensure_ascii=False))
