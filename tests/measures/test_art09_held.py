"""Art. 9: what comes next for a prize in each of its states, and what a prize that is held waits for."""

import pytest

from app.measures.acts import whose
from app.measures.disbursements import following, prize_held
from app.measures.state_machines import DisbursementState, RevocationState
from tests.measures.procedure_samples import stated

_NOTHING_LEFT = {DisbursementState.PAID, DisbursementState.CANCELLED}


@pytest.mark.parametrize("state", list(DisbursementState))
@pytest.mark.parametrize("case", [None, *RevocationState])
def test_what_comes_next_is_known_of_every_state_and_somebodys_to_do(
    state: DisbursementState, case: RevocationState | None
) -> None:
    ahead = following(state=state, case=case)
    assert (ahead is None) == (state in _NOTHING_LEFT)
    assert ahead is None or whose(ahead)


@pytest.mark.parametrize(
    ("case", "ahead"),
    [
        (RevocationState.HEARING, "submit_revocation"),
        (RevocationState.SUBMITTED, "decide"),
        (None, "cancel"),
    ],
)
def test_a_held_prize_waits_for_its_case(case: RevocationState | None, ahead: str) -> None:
    state = DisbursementState.SUSPENDED
    assert following(state=state, case=case) == ahead
    finding = prize_held(act="reissue", state=state, case=case)
    assert (finding.rule, finding.outcome, finding.reason) == ("art09.disbursement", "fail", "prize_held")
    assert stated(finding) == {"object": "disbursement", "act": "reissue", "state": "suspended"}
    assert finding.facts["next_act"] == ahead
    assert finding.facts["next_by"] == whose(ahead)
    assert finding.remedy is not None


@pytest.mark.parametrize(
    ("state", "ahead"),
    [("payable", "acknowledge"), ("acknowledged", "report_paid"), ("failed", "reissue"), ("unordered", "reissue")],
)
def test_what_is_not_held_goes_its_way_whatever_case_there_was(state: str, ahead: str) -> None:
    for case in (None, RevocationState.HEARING):
        assert following(state=DisbursementState(state), case=case) == ahead
