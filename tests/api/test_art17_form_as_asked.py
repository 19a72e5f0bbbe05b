"""Art. 17: a round's rules may ask for more of the form than the measures do; what they ask is told, then required."""

import json
from typing import Any

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.stages.applications import PDF, Applied, apply, begin, edit, recommend, register_applicant, upload
from sandbox.stages.qualification import close_applications, consult
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

RULE = "art17.qualification"
YUAN = 100
RATE = {"code": "customer_satisfaction", "zh": "顾客满意度", "en": "Customer satisfaction", "counted_in": "percent"}
RATE |= {"at_least": "0", "at_most": "100"}
ASKS: dict[str, Any] = {
    "form_fields": ["legal_representative", "registered_capital_fen", "quality_officer", "main_products", "evidence"],
    "product_details": ["standards", "customers", "competitors"],
    "indicators": [RATE],
    "section_lengths": [{"code": "profile", "at_least": 5, "at_most": 3000}],
}
PRODUCT = {
    "name": "样例脐橙",
    "standards": [{"number": "GB/T 21488-2008", "level": "national"}],
    "customers": ["样例超市"],
    "competitors": ["样例同业公司"],
}
FILLED_IN: dict[str, Any] = {
    "legal_representative": {"name": "样例法定代表人", "office": "董事长", "phone": "0797-5600001"},
    "registered_capital_fen": 50_000_000 * YUAN,
    "quality_officer": {"name": "样例质量负责人", "office": "首席质量官"},
    "contact": {"name": "样例联系人", "phone": "0797-5600000", "fax": "0797-5600002", "postcode": "342600"},
    "parent_organisation": "样例集团",
    "branches": ["样例分厂"],
    "main_products": [PRODUCT],
    "indicators": [
        {"code": "customer_satisfaction", "year": 2021, "blank_reason": "当年未开展调查。"},
        {"code": "customer_satisfaction", "year": 2022, "value": "92.1"},
        {
            "code": "customer_satisfaction",
            "year": 2023,
            "value": "93.4",
            "rank": {"scope": "province", "rank": 3, "source": "样例行业协会"},
        },
    ],
    "tables": [
        {"section": "results", "title": "满意度", "columns": ["年度", "满意度"], "rows": [["2022", "92.1%"]]},
    ],
    "evidence": [{"number": "4.2-01", "title": "战略评审会议纪要", "pages": "12-15"}],
}


# The stages fill in what a round asks for; here that is the subject.
NOT_FILLED_IN: dict[str, Any] = dict.fromkeys(
    ("legal_representative", "registered_capital_fen", "quality_officer", "indicators", "internal_notice")
)


def rules(**asks: Any) -> dict[str, Any]:
    """The rules of the usual round of the tests, which ask for this."""
    made: dict[str, Any] = default_review_rules().to_mapping()
    made["required_materials"] = [item for item in made["required_materials"] if item["code"] == "self_assessment"]
    return made | {"asks": asks}


def drafted(world: World, round_id: str, content: dict[str, Any]) -> Applied:
    organisation_id, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant, {**NOT_FILLED_IN, **content})
    return Applied(draft["id"], organisation_id, applicant, None)


def validated(one: Applied) -> Any:
    return ok(one.applicant.get(f"/v1/applications/{one.id}/validation"))


def missing(one: Applied) -> dict[str, list[str]]:
    """What of Art. 17 stands in the way of the submission, with the fields that cure it."""
    return {item["reason"]: item["pointers"] for item in validated(one)["findings"] if item["outcome"] != "pass"}


def submission(one: Applied) -> Any:
    return one.applicant.post(f"/v1/applications/{one.id}/submission")


def test_what_a_round_asks_is_told_typed_and_frozen_with_its_rules(world: World) -> None:
    shipped = ok(world.public.get("/v1/measures/indicators"))["items"]
    assert len(shipped) == 18
    assert RATE | {"asked_of": "everybody"} in shipped
    usual = ok(world.public.get(f"/v1/rounds/{open_round(world)}"))
    assert not any(usual["asks"].values())
    made = ok(world.office.post("/v1/rounds", {"year": 2026, "title": "样例届", "review_rules": rules(**ASKS)}), 201)
    assert made["asks"]["form_fields"] == ASKS["form_fields"]
    assert made["asks"]["indicators"] == [RATE | {"asked_of": "everybody"}]
    assert made["asks"]["internal_notice"] is None
    assert made["review_rules_hash"] != usual["review_rules_hash"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asks", "pointer"),
    [
        ({"form_fields": ["shoe_size"]}, "/review_rules/asks/form_fields/0"),
        ({"shoe_size": True}, "/review_rules/asks/shoe_size"),
        ({"indicators": [{**RATE, "counted_in": "acres"}]}, "/review_rules/asks/indicators/0/counted_in"),
        ({"indicators": [{**RATE, "at_most": "much"}]}, "/review_rules/asks/indicators/0/at_most"),
        ({"internal_notice": {"days": "5"}}, "/review_rules/asks/internal_notice/days"),
    ],
)
def test_rules_that_ask_for_no_such_thing_are_refused_by_pointer(world: World, asks: Any, pointer: str) -> None:
    answer = world.office.post("/v1/rounds", {"year": 2024, "title": "样例届", "review_rules": rules(**asks)})
    assert [item["pointer"] for item in refused(answer, 422, "invalid")["errors"]] == [pointer]


def test_a_round_that_asks_takes_no_form_without_it(world: World) -> None:
    round_id = open_round(world, review_rules=rules(**ASKS))
    bare = drafted(world, round_id, {})
    assert missing(bare) == {
        "not_endorsed": ["/recommendations"],
        "asked_for_missing": [
            "/content/legal_representative",
            "/content/registered_capital_fen",
            "/content/quality_officer",
            "/content/evidence",
        ],
        "product_detail_missing": ["/content/main_products/0"],
        "indicator_missing": ["/content/indicators"],
    }
    recommend(world, bare.id, bare.applicant)
    found = refused(submission(bare), 422, "rule_refused", RULE)
    assert "质量负责人" in json.dumps(found, ensure_ascii=False)
    whole = drafted(world, round_id, FILLED_IN)
    recommend(world, whole.id, whole.applicant)
    assert ok(submission(whole))["state"] == "submitted"
    kept = ok(world.office.get(f"/v1/applications/{whole.id}/snapshot"))["snapshot"]["content"]
    assert kept["quality_officer"] == {"name": "样例质量负责人", "office": "首席质量官", "phone": None}
    assert kept["indicators"][2]["rank"] == FILLED_IN["indicators"][2]["rank"]
    assert kept["main_products"] == [PRODUCT]
    assert (kept["contact"]["postcode"], kept["tables"]) == ("342600", FILLED_IN["tables"])


def test_a_round_that_asks_for_nothing_takes_it_all_the_same(world: World) -> None:
    filled_in = {name: part for name, part in FILLED_IN.items() if name != "indicators"}
    assert apply(world, open_round(world), content_overrides=filled_in).number


def test_what_is_out_of_bounds_is_refused_with_its_place(world: World) -> None:
    one = drafted(world, open_round(world, review_rules=rules(**ASKS)), FILLED_IN)
    assert set(missing(one)) == {"not_endorsed"}
    stated, again = FILLED_IN["indicators"], FILLED_IN["evidence"][0]
    edit(
        one.applicant,
        one.id,
        {
            "indicators": [*stated[:2], {**stated[2], "value": "100.01"}, {**stated[1], "code": "fame"}],
            "sections": {
                **ok(one.applicant.get(f"/v1/applications/{one.id}"))["content"]["sections"],
                "profile": "短 文",
            },
            "evidence": [*FILLED_IN["evidence"], {**again, "number": "9.9-99", "attachment_id": one.id}],
        },
    )
    twice = {"evidence": [*FILLED_IN["evidence"], {**again, "attachment_id": one.id}]}
    path = f"/v1/applications/{one.id}"
    answer = one.applicant.patch(path, {"content": twice}, version=ok(one.applicant.get(path))["version"])
    assert [item["pointer"] for item in refused(answer, 422, "invalid")["errors"]] == ["/content/evidence/1/number"]
    told = validated(one)["findings"]
    assert [
        (item["reason"], item["pointers"]) for item in told if item["rule"] == RULE and item["outcome"] == "fail"
    ] == [
        ("indicator_out_of_bounds", ["/content/indicators/2"]),
        ("indicator_not_asked", ["/content/indicators/3"]),
        ("section_too_short", ["/content/sections/profile"]),
        ("evidence_file_missing", ["/content/evidence/1"]),
    ]
    edit(one.applicant, one.id, {"indicators": [*stated[:2], {**stated[2], "value": "100"}]})
    assert "indicator_out_of_bounds" not in missing(one)
    edit(one.applicant, one.id, {"indicators": [*stated, {**stated[2], "year": 2019}]})
    assert missing(one)["indicator_of_another_year"] == ["/content/indicators/3"]
    assert ok(
        one.applicant.patch(path, {"content": {"indicators": stated}}, version=ok(one.applicant.get(path))["version"])
    )
    assert "indicator_of_another_year" not in missing(one)


@pytest.mark.parametrize("typed", ["９５", "９５．５", " 95 ", "－５", "\u22125", "1 234"])
def test_art17_a_number_is_read_as_it_is_typed(world: World, typed: str) -> None:
    one = drafted(world, open_round(world, review_rules=rules(**ASKS)), FILLED_IN)
    last = {**FILLED_IN["indicators"][1], "value": typed}
    edit(one.applicant, one.id, {"indicators": [last]})
    kept = ok(one.applicant.get(f"/v1/applications/{one.id}"))["content"]["indicators"][0]["value"]
    read = {"９５": "95", "９５．５": "95.5", " 95 ": "95", "－５": "-5", "\u22125": "-5", "1 234": "1234"}
    assert kept == read[typed]


@pytest.mark.parametrize(
    "typed", ["０７９７－５６０００００", "0797—5600000", "\u202d0797-5600000\u202c", " 0797\u22125600000 "]
)
def test_art17_a_telephone_number_is_read_as_it_is_typed(world: World, typed: str) -> None:
    one = drafted(world, open_round(world), {"contact": {"name": "样例联系人", "phone": typed}})
    kept = ok(one.applicant.get(f"/v1/applications/{one.id}"))["content"]["contact"]["phone"]
    assert kept == "0797-5600000"


@pytest.mark.parametrize("extension", ["转801", " 转 801", " 轉分機801", "轉：８０１", " ext. 801", "#801"])
def test_art17_an_extension_is_read_as_it_is_typed(world: World, extension: str) -> None:
    contact = {"name": "样例联系人", "phone": f"0797-5600000{extension}"}
    one = drafted(world, open_round(world), {"contact": contact})
    kept = ok(one.applicant.get(f"/v1/applications/{one.id}"))["content"]["contact"]["phone"]
    assert kept == "0797-5600000转801"


@pytest.mark.parametrize("typed", ["-----", "( ) ( )", "1234", "转80112", "0797-5600000转", "0797-5600000转8011234"])
def test_art17_what_nobody_can_call_is_no_telephone_number(world: World, typed: str) -> None:
    one = drafted(world, open_round(world), {})
    version = ok(one.applicant.get(f"/v1/applications/{one.id}"))["version"]
    body = {"content": {"contact": {"name": "样例联系人", "phone": typed}}}
    problem = refused(one.applicant.patch(f"/v1/applications/{one.id}", body, version=version), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/content/contact/phone"]
    assert "转801" in problem["errors"][0]["message"]


def test_evidence_names_a_file_of_the_application(world: World) -> None:
    one = drafted(world, open_round(world), {})
    file = upload(one.applicant, one.id, "extra", content=PDF)
    edit(one.applicant, one.id, {"evidence": [{"number": "1", "title": "证书", "attachment_id": file["id"]}]})
    assert set(missing(one)) == {"not_endorsed"}
    ok(one.applicant.post(f"/v1/applications/{one.id}/attachments/{file['id']}/removal"))
    assert missing(one)["evidence_file_missing"] == ["/content/evidence/0"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("part", "pointer"),
    [
        ({"indicators": [{"code": "a", "year": 2023}]}, "/content/indicators/0"),
        (
            {"indicators": [{"code": "a", "year": 2023, "value": "1", "blank_reason": "未统计"}]},
            "/content/indicators/0",
        ),
        (
            {
                "indicators": [
                    {"code": "a", "year": 2023, "blank_reason": "未统计", "rank": {"scope": "province", "rank": 3}}
                ]
            },
            "/content/indicators/0",
        ),
        ({"indicators": [{"code": "a", "year": 2023, "value": "1,5"}]}, "/content/indicators/0/value"),
        ({"indicators": [{"code": "a", "year": 2023, "value": 1}]}, "/content/indicators/0/value"),
        (
            {"tables": [{"section": "results", "title": "表", "columns": ["甲"], "rows": [["1", "2"]]}]},
            "/content/tables/0",
        ),
        (
            {"tables": [{"section": "results", "title": "表", "columns": ["甲"], "rows": [["1" * 201]]}]},
            "/content/tables/0/rows/0/0",
        ),
        (
            {
                "internal_notice": {
                    "from_day": "2024-03-02",
                    "to_day": "2024-03-01",
                    "place": "门口",
                    "result": "无异议",
                }
            },
            "/content/internal_notice",
        ),
        ({"contact": {"name": "甲", "phone": "0797-5600000", "postcode": "34260"}}, "/content/contact/postcode"),
        ({"registered_capital_fen": -1}, "/content/registered_capital_fen"),
        ({"legal_representative": {"name": "-"}}, "/content/legal_representative/name"),
        ({"quality_officer": {"name": "无"}}, "/content/quality_officer/name"),
        ({"indicators": [{"code": "a", "year": 2023, "blank_reason": "无"}]}, "/content/indicators/0/blank_reason"),
        ({"main_products": [{"name": "——"}]}, "/content/main_products/0/name"),
        ({"evidence": [{"number": "1", "title": "-"}]}, "/content/evidence/0/title"),
        (
            {"internal_notice": {"from_day": "2024-03-01", "to_day": "2024-03-05", "place": "公告栏", "result": "-"}},
            "/content/internal_notice/result",
        ),
        ({"main_products": ["样例产品"]}, "/content/main_products/0"),
    ],
)
def test_what_cannot_be_read_is_refused_by_pointer(world: World, part: dict[str, Any], pointer: str) -> None:
    one = drafted(world, open_round(world), {})
    version = ok(one.applicant.get(f"/v1/applications/{one.id}"))["version"]
    answer = one.applicant.patch(f"/v1/applications/{one.id}", {"content": part}, version=version)
    assert [item["pointer"] for item in refused(answer, 422)["errors"]] == [pointer]


def test_a_unit_mistaken_for_another_is_flagged_to_applicant_and_office_and_refuses_nothing(world: World) -> None:
    """Revenue and capital in units of 10,000 yuan, profit and tax in fen."""
    round_id = open_round(world)
    sound = apply(world, round_id)
    assert validated_flags(world, sound) == []
    mistaken = {
        "figures": [
            {"year": year, "revenue_fen": 12_000, "net_profit_fen": 8_000_000 * YUAN, "tax_fen": 300}
            for year in (2021, 2022, 2023)
        ],
        "registered_capital_fen": 50_000_000 * YUAN,
    }
    one = drafted(world, round_id, mistaken)
    told = {(item["reason"], *item["pointers"]) for item in validated(one)["to_check"]}
    assert told == {
        *(("magnitude_beside_revenue", f"/content/figures/{number}") for number in range(3)),
        *(("magnitude_per_head", f"/content/figures/{number}") for number in range(3)),
        ("magnitude_of_capital", "/content/registered_capital_fen"),
    }
    recommend(world, one.id, one.applicant)
    assert ok(submission(one))["state"] == "submitted"
    close_applications(world, round_id)
    consult(world, round_id)
    assert validated_flags(world, one) == ["magnitude_beside_revenue"] * 3 + ["magnitude_per_head"] * 3 + [
        "magnitude_of_capital"
    ]
    page = ok(world.office.get(f"/v1/applications/{one.id}/qualification"))
    assert len(page["to_check"]) == 7
    assert not any(item["reason"].startswith("magnitude") for item in page["completeness"])


BESIDE = ["magnitude_below_revenue", "more_than_revenue"] * 2


@pytest.mark.parametrize(
    ("figures", "capital", "flagged"),
    [
        # Units of 10,000 yuan throughout, no staff stated.
        ({"revenue_fen": 12_000, "net_profit_fen": 600}, 5_000, ["magnitude_too_small"] * 3),
        ({"revenue_fen": 12_000_000_000, "net_profit_fen": 600}, None, ["magnitude_below_revenue"] * 2),
        ({"revenue_fen": 12_000_000_000, "net_profit_fen": 60_000_000}, 500_000_000, []),
        # Profit and revenue exchanged; a loss may be larger than what was sold.
        ({"revenue_fen": 600_000_000, "net_profit_fen": 12_000_000_000}, 500_000_000, ["more_than_revenue"] * 2),
        ({"revenue_fen": 600_000_000, "net_profit_fen": -12_000_000_000}, 500_000_000, []),
        ({"revenue_fen": 600_000_000, "net_profit_fen": 1, "export_fen": 600_000_001}, None, BESIDE),
    ],
)
def test_art05_a_unit_that_is_too_large_for_its_field_is_told_and_refuses_nothing(
    world: World, figures: dict[str, int], capital: int | None, flagged: list[str]
) -> None:
    content = {
        "staff": None,
        "figures": [{"year": year, **figures} for year in (2022, 2023)],
        "registered_capital_fen": capital,
    }
    one = drafted(world, open_round(world), content)
    told = validated(one)
    assert [item["reason"] for item in told["to_check"]] == flagged
    assert not [item for item in told["findings"] if item["reason"].startswith("magnitude")]


def validated_flags(world: World, one: Applied) -> list[str]:
    """What the office's worklist flags."""
    listed = ok(world.office.get(f"/v1/rounds/{round_of(world, one)}/qualification-worklist"))["items"]
    (item,) = [item for item in listed if item["application_id"] == one.id]
    return [found["reason"] for found in item["to_check"]]


def round_of(world: World, one: Applied) -> str:
    round_id: str = ok(world.office.get(f"/v1/applications/{one.id}"))["round_id"]
    return round_id


NOTICE = {"from_day": "2024-03-01", "to_day": "2024-03-05", "place": "厂区公告栏", "result": "公示期间未收到异议。"}


@pytest.mark.parametrize(("counted", "last"), [("calendar_days", 5), ("working_days", 7)])
def test_the_internal_notice_is_over_before_a_recommendation_is_asked_for(
    world: World, counted: str, last: int
) -> None:
    """2024-03-01 is a Friday: five days end on the 5th, five working days on the 7th."""
    asks = {"internal_notice": {"days": 5, "counted": counted}}
    one = drafted(world, open_round(world, review_rules=rules(**asks)), {})
    assert missing(one)["internal_notice_missing"] == ["/content/internal_notice"]
    assert reasons(ask(world, one)) == ["internal_notice_missing"]
    shown = ok(one.applicant.get(f"/v1/applications/{one.id}"))["available_actions"]
    (action,) = [item for item in shown if item["act"] == "request_recommendation"]
    assert [found["reason"] for found in action["blocked_by"]] == ["internal_notice_missing"]
    edit(one.applicant, one.id, {"internal_notice": {**NOTICE, "to_day": f"2024-03-0{last - 1}"}})
    world.clock.go("2024-03-20")
    assert reasons(ask(world, one)) == ["internal_notice_too_short"]
    edit(one.applicant, one.id, {"internal_notice": {**NOTICE, "to_day": f"2024-03-0{last}"}})
    world.clock.go(f"2024-03-0{last}")
    assert reasons(ask(world, one)) == ["internal_notice_running"]
    world.clock.go(f"2024-03-0{last + 1}")
    ok(ask(world, one))


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        ("calendar_days", "内部公示须满5天，自2024年3月1日起应至2024年3月5日"),
        ("working_days", "内部公示须满5个工作日，自2024年3月1日起应至2024年3月7日"),
    ],
)
def test_days_are_told_as_they_are_counted(world: World, counted: str, told: str) -> None:
    asks = {"internal_notice": {"days": 5, "counted": counted}}
    one = drafted(world, open_round(world, review_rules=rules(**asks)), {})
    (open_today,) = refused(ask(world, one), 422, "rule_refused", RULE)["violations"]
    assert f"公示{told[6:].partition('，')[0]}，" in open_today["message_zh"]
    edit(one.applicant, one.id, {"internal_notice": {**NOTICE, "to_day": "2024-03-04"}})
    world.clock.go("2024-03-20")
    (short,) = refused(ask(world, one), 422, "rule_refused", RULE)["violations"]
    assert short["message_zh"].startswith(told) and short["message_zh"].endswith("2024年3月4日")
    assert short["facts"]["due_to"] == f"2024-03-0{told[-2]}" and told[-9:] in short["remedy_zh"]


@pytest.mark.parametrize("result", ["无", "-", "没有"])
def test_a_result_of_nothing_is_told_what_to_write(world: World, result: str) -> None:
    one = drafted(world, open_round(world), {})
    path = f"/v1/applications/{one.id}"
    version = ok(one.applicant.get(path))["version"]
    part = {"internal_notice": {**NOTICE, "result": result}}
    (fault,) = refused(one.applicant.patch(path, {"content": part}, version=version), 422)["errors"]
    assert fault["pointer"] == "/content/internal_notice/result"
    assert "公示期间未收到异议" in fault["message"]
    for said in ("无异议", "公示期间未收到异议。"):
        edit(one.applicant, one.id, {"internal_notice": {**NOTICE, "result": said}})


def ask(world: World, one: Applied) -> Any:
    body = {"unit_id": world.id("unit:wenwuba")}
    return one.applicant.post(f"/v1/applications/{one.id}/recommendation-request", body)


def reasons(answer: Any) -> list[str]:
    return [item["reason"] for item in refused(answer, 422, "rule_refused", RULE)["violations"]]
