"""The prize as the office and the platform handle it."""

from typing import Any

from sandbox.stages.awarded import Winner
from sandbox.world import World, ok

ACCOUNT = "6222000000001234"
# With its check digit; of no bank that there is.
BANK_NUMBER = "104428050019"


def order(world: World, winner: Winner, **changes: Any) -> dict[str, Any]:
    """Order the winner's prize."""
    return ok(world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner, **changes)), 201)  # type: ignore[no-any-return]


def account_of(winner: Winner) -> str:
    """An account of the winner's own: `ACCOUNT` is that of the first."""
    return f"{ACCOUNT[:4]}{winner.place - 1:08d}{ACCOUNT[-4:]}"


def order_body(winner: Winner, **changes: Any) -> dict[str, Any]:
    """An order that is right, but for the changes."""
    body = {
        "payee_name": winner.name,
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": account_of(winner),
        "budget_year": winner.decree_year,
    }
    return body | changes


def acknowledge(world: World, disbursement: dict[str, Any]) -> dict[str, Any]:
    """The platform takes the order over."""
    path = f"/v1/disbursements/{disbursement['id']}/acknowledgement"
    return ok(world.platform.post(path, {"attempt": disbursement["attempt"]}))  # type: ignore[no-any-return]


def confirmation(world: World, disbursement: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A receipt that is right, but for the changes: each attempt has a number of its own."""
    again = f"-{disbursement['attempt']}" if disbursement["attempt"] > 1 else ""
    body = {
        "attempt": disbursement["attempt"],
        "confirmation_number": f"PAY-{disbursement['id'][-12:]}{again}",
        "amount_fen": disbursement["amount_fen"],
        "paid_on": world.clock.today.isoformat(),
    }
    return body | changes


def pay(world: World, disbursement: dict[str, Any]) -> dict[str, Any]:
    """Acknowledge and pay."""
    taken = acknowledge(world, disbursement)
    path = f"/v1/disbursements/{disbursement['id']}/payment-confirmation"
    return ok(world.platform.post(path, confirmation(world, taken)))  # type: ignore[no-any-return]
