"""Art. 13(1): codes as people type them are read as meant wherever one is taken; a wrong one is told what is wrong."""

from urllib.parse import quote

import pytest

from sandbox.stages.decision import decree
from sandbox.stages.parties import register, registration, uscc
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved
from tests.support.problems import refused

FULL_WIDTH = str.maketrans({number: number + 0xFEE0 for number in range(0x21, 0x7F)})


def writings(code: str) -> list[str]:
    """The code as it is typed and pasted."""
    grouped = [code[start:stop] for start, stop in ((0, 2), (2, 8), (8, 17), (17, 18))]
    return [
        code.lower(),
        code.translate(FULL_WIDTH),
        code.lower().translate(FULL_WIDTH),
        " ".join(grouped),
        "-".join(grouped),
        "\u2014".join(grouped),
        f"\u3000{code}\u00a0",
        f"\ufeff{code}\u200b\n",
    ]


def test_art13_1_a_code_is_registered_in_one_writing_and_found_in_every_other(world: World) -> None:
    for number in range(8):
        code = uscc()
        party = register(world, uscc=writings(code)[number])
        for written in (code, *writings(code)):
            found = ok(world.office.get("/v1/organisations", params={"uscc": written}))["items"]
            assert [(item["id"], item["uscc"]) for item in found] == [(party.organisation_id, code)]
            assert found[0]["uscc_checksum_ok"]
    ok(world.public.post("/v1/registrations", registration(uscc=code.lower())), 201)
    claimed = ok(world.office.get("/v1/registration-claims"))["items"]
    assert [item["against_id"] for item in claimed] == [party.organisation_id]


def test_art13_1_every_body_that_names_a_code_reads_it_so(world: World) -> None:
    code = uscc()
    unit = {"name": "样例镇人民政府", "kind": "township", "area": "样例镇", "uscc": writings(code)[3]}
    assert ok(world.office.post("/v1/recommending-units", unit), 201)["name"] == "样例镇人民政府"
    declared = {"kind": "consulting", "uscc": code.lower(), "description": "样例"}
    assert ok(world.by("reviewer1").post("/v1/conflict-declarations", declared), 201)["uscc"] == code


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("91360733MA35XXXX0", "统一社会信用代码须为 18 位，所填为 17 位", "has 18 characters; this one has 17"),
        ("9136-0733-MA35-XXXX-0XX", "统一社会信用代码须为 18 位，所填为 19 位", "this one has 19"),
        ("", "统一社会信用代码须为 18 位，所填为 0 位", "this one has 0"),
        ("91360733MA35XXXXo1", "统一社会信用代码第 17 位的字符“O”不得使用", "Character 17 of the unified"),
        ("9136073з", "统一社会信用代码第 8 位的字符“З”不得使用", "Character 8 of the unified"),
        ("9136_733", "第 5 位的字符“_”不得使用", "Character 5 of the unified social credit code, “_”, is"),
        ("91360\x00", "第 6 位的字符不得使用", "Character 6 of the unified social credit code is"),
    ],
)
def test_art13_1_a_wrong_code_is_told_what_is_wrong_with_it(world: World, written: str, zh: str, en: str) -> None:
    asked = registration(uscc=written)
    for answer, pointer in (
        (world.office.get("/v1/organisations", params={"uscc": written}), "/query/uscc"),
        (world.public.post("/v1/registrations", asked), "/organisation/uscc"),
    ):
        (fault,) = refused(answer, 422, "invalid")["errors"]
        assert (fault["pointer"], fault["code"]) == (pointer, "wrong_format")
        assert zh in fault["message"] and "^" not in fault["message"]
    answer = world.public.post("/v1/registrations", asked, headers={"Accept-Language": "en"})
    assert en in refused(answer, 422, "invalid")["errors"][0]["message"]


def test_a_code_that_fails_its_checksum_is_told_so_and_kept_for_a_person_to_verify(world: World) -> None:
    right = uscc()
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    party = register(world, uscc=wrong.lower())
    assert ok(party.account.get(f"/v1/organisations/{party.organisation_id}"))["uscc_checksum_ok"] is False
    assert [item["uscc"] for item in ok(world.office.get("/v1/organisations?flagged=true"))["items"]] == [wrong]


@pytest.mark.parametrize(
    ("field", "written", "read"),
    [
        ("county_code", "３６０７３３", "360733"),
        ("county_code", "\u3000360733\u2060", "360733"),
        ("county_code", "3607 33", "360733"),
        ("county_code", "360733000000", "360733"),
        ("county_code", "３６０７３３ 100 000", "360733"),
        ("sector", "１３９２", "1392"),
        ("sector", "Ｃ１３９２", "1392"),
        ("sector", "c13", "13"),
    ],
)
def test_art13_1_county_and_sector_codes_are_read_as_meant(world: World, field: str, written: str, read: str) -> None:
    made = ok(world.public.post("/v1/registrations", registration(**{field: written})), 201)
    assert made["organisation"][field] == read
    body = {
        "legal_form": "limited_company",
        "county_code": "360733",
        "established_on": "2015-05-20",
        "operating": True,
        "sector": "1392",
        field: written,
    }
    open_round(world)
    checked = ok(world.public.post("/v1/eligibility-checks", {"organisation": body, "content": {}}))
    told = {"county_code": ("art13.1.local", "county_code"), "sector": ("art06.seats", "sector")}[field]
    (found,) = [item for item in checked["findings"] if item["rule"] == told[0]]
    assert (found["outcome"], found["facts"][told[1]]) == ("pass", read)


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("county_code", "36073", "行政区划代码"),
        ("county_code", "36073", "现为 5 位"),
        ("county_code", "36073300000", "现为 11 位"),
        ("county_code", "3607330000000", "现为 13 位"),
        ("county_code", "36073300000А", "其中有“А”"),
        ("county_code", "36073З", "行政区划代码"),
        ("county_code", "36073З", "其中有“З”"),
        ("county_code", "abc", "其中有“ABC”"),
        ("county_code", "999999", "没有以 99 开头的省级代码"),
        ("county_code", "000000", "没有以 00 开头的省级代码"),
        ("county_code", "160733000000", "没有以 16 开头的省级代码"),
        ("sector", "G1392", "国民经济行业分类代码"),
        ("sector", "A1392", "1392 属于 C 门类，不是 A"),
        ("sector", "Z1392", "1392 属于 C 门类，不是 Z"),
        ("sector", "Z9999", "其中有“Z”"),
        ("sector", "139", "国民经济行业分类代码"),
        ("sector", "139", "现为 3 位"),
        ("sector", "CC13", "国民经济行业分类代码"),
    ],
)
def test_art13_1_a_wrong_code_is_told_of_its_own_field(world: World, field: str, written: str, said: str) -> None:
    problem = refused(world.public.post("/v1/registrations", registration(**{field: written})), 422, "invalid")
    (fault,) = problem["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/organisation/{field}", "wrong_format")
    assert said in fault["message"] and "邮政编码" not in fault["message"]


@pytest.mark.parametrize(
    ("written", "kept"), [("c", "C"), ("ｃ", "C"), ("１３", "13"), ("c，14", "C, 14"), ("食品加工", "食品加工")]
)
def test_art12_a_units_industry_is_kept_in_one_writing(world: World, written: str, kept: str) -> None:
    body = {"name": "样例行业协会", "kind": "association", "industry": written}
    assert ok(world.office.post("/v1/recommending-units", body), 201)["industry"] == kept


@pytest.mark.parametrize(("written", "unknown"), [("Z", "Z"), ("C, 00", "00"), ("99", "99")])
def test_art12_an_industry_that_the_classification_does_not_have_is_told(
    world: World, written: str, unknown: str
) -> None:
    body = {"name": "样例行业协会", "kind": "association", "industry": written}
    (fault,) = refused(world.office.post("/v1/recommending-units", body), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == ("/industry", "not_found")
    assert fault["message"].endswith(f"没有：{unknown}")


@pytest.mark.parametrize(
    "written",
    ["{}", "{small}", "{wide}", " {} ", "HCDH {year} 01", "hcdh{year}01", "HCDH—{year}—01", "HCDH－{year}-０１"],
)
def test_art31_a_certificate_is_found_however_its_number_is_typed(world: World, written: str) -> None:
    made, _ = approved(world)
    number = decree(world, made.round_id)["awards"][0]["certificate_number"]
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    typed = written.format(number, small=number.lower(), wide=wide, year=number.split("-")[1])
    told = ok(world.public.get(f"/v1/certificates/{quote(typed)}"))
    assert told["certificate_number"] == number
    refused(world.public.get(f"/v1/certificates/{quote(typed)}9"), 404, "not_found")
    refused(world.public.get("/v1/certificates/" + quote("样例")), 422, "invalid")
