"""Art. 22: what goes to the executive meeting, and the certificates of a ceremony, are told with what is missing."""

import io
import zipfile
from typing import Any

from sandbox.callers import Caller
from sandbox.stages.awarded import concluded
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def archives(caller: Caller, round_id: str) -> dict[str, dict[str, Any]]:
    told = ok(caller.get(f"/v1/rounds/{round_id}/documents"))["archives"]
    return {item["archive"]: item for item in told}


def test_a_round_tells_what_its_archives_wait_for(world: World) -> None:
    round_id = open_round(world)
    told = archives(world.office, round_id)
    assert list(told) == ["executive_meeting", "certificates"]
    for item in told.values():
        assert (item["available"], item["file"]) == (False, None) and item["why_not_zh"] and item["why_not_en"]
    parts = {part["kind"]: part for part in told["executive_meeting"]["parts"]}
    assert list(parts) == ["submission", "proposed_list", "candidate_notice", "minutes", "evaluation_report"]
    assert all(not part["included"] and part["why_not_zh"] for part in parts.values())
    assert told["certificates"]["parts"] == []
    refused(world.office.get(f"/v1/rounds/{round_id}/documents/certificates.zip"), 404)
    # Nobody else is told of them.
    for caller in (world.public, world.by("unit-wenwuba")):
        assert archives(caller, round_id) == {}


def test_the_certificates_of_a_ceremony_say_whose_word_is_missing(world: World) -> None:
    made = concluded(world, {}, {})
    first, second = made.winners
    told = archives(world.government, made.round_id)["certificates"]
    assert told["available"] and [part["about"] for part in told["parts"]] == [first.name, second.name]
    assert all("尚未确认" in part["why_not_zh"] and part["included"] for part in told["parts"])
    ok(first.applicant.post(f"/v1/awards/{first.award_id}/printed-name", {"confirmed": True}))
    waiting = archives(world.office, made.round_id)["certificates"]["parts"]
    assert "尚未印发" in waiting[0]["why_not_zh"] and "尚未确认" in waiting[1]["why_not_zh"]
    issued = ok(world.office.post(f"/v1/awards/{first.award_id}/documents/certificate/issuance", {}))
    done, open_still = archives(world.office, made.round_id)["certificates"]["parts"]
    assert (done["issued"], done["why_not_zh"]) == (issued["number"], None)
    assert open_still["issued"] is None
    # As it says, so it is.
    file = archives(world.office, made.round_id)["certificates"]["file"]
    names = zipfile.ZipFile(io.BytesIO(world.office.get(file).content)).namelist()
    assert [issued["number"] in names[0], "草稿" in names[1], len(names)] == [True, True, 2]
