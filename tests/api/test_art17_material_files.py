"""Art. 17: material is what people can open, in the types, sizes and numbers that the round's rules take."""

from typing import Any
from urllib.parse import unquote

import pytest

from app.measures.review_rules import FileType, default_review_rules
from sandbox.stages.applications import PDF, apply, begin, recommend, register_applicant, upload
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.documents import DOC, HEIC, PNG, TIF, WHOLE, XLS, pdf
from tests.support.problems import refused


def review_rules(**changes: Any) -> dict[str, Any]:
    """The default rules with one required material, changed."""
    rules: dict[str, Any] = default_review_rules().to_mapping()
    rules["required_materials"] = [item for item in rules["required_materials"] if item["code"] == "self_assessment"]
    return rules | changes


def drafted(world: World, **rules: Any) -> tuple[str, Any]:
    """A draft in a round of these rules, and its applicant."""
    _, applicant = register_applicant(world)
    round_id = open_round(world, review_rules=review_rules(**rules) if rules else None)
    return begin(world, round_id, applicant)["id"], applicant


def post(caller: Any, application_id: str, content: bytes = PDF, **params: str) -> Any:
    given = {"material": "extra", "filename": "样例.pdf", **params}
    return caller.post(f"/v1/applications/{application_id}/attachments", params=given, content=content)


def test_art17_a_file_that_nobody_can_open_is_refused_with_what_to_do(world: World) -> None:
    application_id, applicant = drafted(world)
    problem = refused(post(applicant, application_id, pdf(user="secret")), 422, "file_locked")
    assert "密码" in problem["detail"]
    no_pages = PDF.replace(b"/Kids [3 0 R]", b"/Kids [     ]")
    problem = refused(post(applicant, application_id, no_pages), 422, "file_unreadable")
    assert "重新导出" in problem["detail"]
    refused(post(applicant, application_id, b"%PDF-1.7\n"), 422, "file_unreadable")
    refused(post(applicant, application_id, b"MZ a program"), 415, "file_type_refused")
    assert ok(post(applicant, application_id, PDF), 201)["media_type"] == "application/pdf"
    unit = world.by("unit-wenwuba")
    refused(
        unit.post("/v1/stamped-opinions", params={"filename": "意见.pdf"}, content=pdf(user="secret")),
        422,
        "file_locked",
    )


@pytest.mark.parametrize("kind", FileType)
def test_art17_half_of_a_file_is_no_material_whatever_its_type(world: World, kind: FileType) -> None:
    application_id, applicant = drafted(world)
    whole = WHOLE[kind]
    for content in (whole[:64], whole[: len(whole) // 2]):
        problem = refused(post(applicant, application_id, content, filename=f"样例.{kind}"), 422, "file_unreadable")
        assert "重新导出" in problem["detail"]
    kept = ok(applicant.get(f"/v1/applications/{application_id}/attachments"))["items"]
    assert "extra" not in {item["material"] for item in kept}
    ok(post(applicant, application_id, whole, filename=f"样例.{kind}"), 201)


def test_art17_what_shows_nothing_completes_no_material(world: World) -> None:
    """The header of a picture is no self-assessment, no stamped opinion and no file of a statement."""
    _, applicant = register_applicant(world)
    application_id = ok(applicant.post("/v1/applications", {"round_id": open_round(world)}), 201)["id"]
    refused(post(applicant, application_id, PNG[:8], material="self_assessment"), 422, "file_unreadable")
    told = ok(applicant.get(f"/v1/applications/{application_id}/validation"))
    assert "self_assessment" in str([item["facts"] for item in told["findings"] if item["outcome"] != "pass"])
    for caller in ("unit-wenwuba", "department-market"):
        path = "/v1/stamped-opinions"
        refused(world.by(caller).post(path, params={"filename": "a.png"}, content=PNG[:8]), 422, "file_unreadable")


@pytest.mark.parametrize(
    ("content", "filename", "media_type", "handed_out"),
    [
        (DOC, "自评报告.doc", "application/msword", "自评报告.doc"),
        (DOC, "自评报告.wps", "application/msword", "自评报告.wps"),
        (XLS, "财务报表.xls", "application/vnd.ms-excel", "财务报表.xls"),
        (TIF, "证书.tiff", "image/tiff", "证书.tiff"),
        (HEIC, "现场照片.HEIC", "image/heic", "现场照片.HEIC"),
        (HEIC, "现场照片.exe", "image/heic", "现场照片.heic"),
    ],
)
def test_art17_what_people_have_is_taken_under_the_name_that_they_gave_it(
    world: World, content: bytes, filename: str, media_type: str, handed_out: str
) -> None:
    application_id, applicant = drafted(world)
    made = ok(post(applicant, application_id, content, filename=filename), 201)
    assert (made["filename"], made["media_type"]) == (filename, media_type)
    answer = applicant.get(f"/v1/applications/{application_id}/attachments/{made['id']}/content")
    assert (answer.content, answer.headers["content-type"]) == (content, media_type)
    assert unquote(answer.headers["content-disposition"].rpartition("filename*=UTF-8''")[2]) == handed_out


@pytest.mark.parametrize(
    ("content", "filename", "told"),
    [
        (XLS, "财务报表.pdf", ("pdf", "xls")),
        (PNG, "证书.jpg", ("jpg", "png")),
        (PNG, "证书.JPEG ", ("jpeg", "png")),
        (PNG, "证书．ＪＰＧ", ("jpg", "png")),
        (PDF, "自评报告.docx", ("docx", "pdf")),
        (DOC, "自评报告.xls", ("xls", "doc")),
        # Claims that are kept, or that are none: it is handed out under an ending of its own.
        (PNG, "证书.png", None),
        (TIF, "证书.tif", None),
        (PDF, "报告", None),
        (PDF, "报告.v2", None),
        (PDF, "报告.第3版", None),
    ],
)
def test_art17_a_file_is_what_its_name_claims(
    world: World, content: bytes, filename: str, told: tuple[str, str] | None
) -> None:
    application_id, applicant = drafted(world)
    answer = post(applicant, application_id, content, filename=filename)
    if told is None:
        ok(answer, 201)
        return
    problem = refused(answer, 422, "invalid", "art17.qualification")
    assert [item["pointer"] for item in problem["errors"]] == ["/query/filename"]
    (violation,) = problem["violations"]
    assert violation["reason"] == "file_named_otherwise"
    assert tuple(violation["facts"][key] for key in ("ending", "content_ending")) == told
    assert f"“.{told[1]}”" in violation["remedy_zh"]
    materials = ok(applicant.get(f"/v1/applications/{application_id}/attachments"))["items"]
    assert filename not in [item["filename"] for item in materials]
    # The same file under its own name.
    ok(post(applicant, application_id, content, filename=f"{filename.strip()}.{told[1]}"), 201)


def test_art10_the_rounds_rules_say_which_files_it_takes(world: World) -> None:
    changed = {"file_types": ["pdf", "wps"], "max_file_bytes": 10_000, "files_per_material": 2}
    application_id, applicant = drafted(world, **changed)
    round_id = ok(applicant.get(f"/v1/applications/{application_id}"))["round_id"]
    shown = ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules"]
    assert {name: shown[name] for name in changed} == changed
    assert ok(world.public.get("/v1/measures/review-rules-default"))["review_rules"]["files_per_material"] == 10
    ok(post(applicant, application_id, DOC, filename="报告.wps"), 201)
    problem = refused(post(applicant, application_id, DOC, filename="报告.doc"), 415, "file_type_refused")
    assert "PDF、WPS" in problem["detail"]
    refused(post(applicant, application_id, TIF), 415, "file_type_refused")
    ok(post(applicant, application_id, PDF.ljust(10_000)), 201)
    refused(post(applicant, application_id, PDF.ljust(10_001)), 413, "file_too_large")
    ok(post(applicant, application_id, part="2"), 201)
    problem = refused(post(applicant, application_id, part="3"), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/query/part"]
    for wrong in ("0", "-1", "x"):
        refused(post(applicant, application_id, part=wrong), 422, "invalid")


@pytest.mark.parametrize(
    "changed",
    [{"file_types": []}, {"file_types": ["pdf", "pdf"]}, {"max_file_bytes": 0}, {"files_per_material": 0}],
)
def test_art10_rules_that_take_no_file_are_refused(world: World, changed: dict[str, Any]) -> None:
    body = {"year": 2024, "title": "样例", "review_rules": review_rules(**changed)}
    made = ok(world.office.post("/v1/rounds", body), 201)
    call = {"title": "样例：评审通知", "channels": ["县政府网站"], "deadline": "2024-04-30"}
    refused(world.office.post(f"/v1/rounds/{made['id']}/call", call), 422, "rule_refused", "art10.review_rules")


def test_art10_a_type_that_there_is_none_of_is_told_with_its_place(world: World) -> None:
    body = {"year": 2024, "title": "样例", "review_rules": review_rules(file_types=["pdf", "exe"])}
    problem = refused(world.office.post("/v1/rounds", body), 422, "invalid")
    assert "/review_rules/file_types/1" in [item["pointer"] for item in problem["errors"]]


def test_art17_a_material_has_several_files_each_in_its_versions(world: World) -> None:
    application_id, applicant = drafted(world)
    first = upload(applicant, application_id, "extra")
    second = ok(post(applicant, application_id, part="2", filename="样例二.pdf"), 201)
    again = ok(post(applicant, application_id, PDF + b"%2\n", part="2"), 201)
    assert [(item["part"], item["revision"]) for item in (first, second, again)] == [(1, 1), (2, 1), (2, 2)]
    recommend(world, application_id, applicant)
    ok(applicant.post(f"/v1/applications/{application_id}/submission"))
    frozen = ok(applicant.get(f"/v1/applications/{application_id}/snapshot"))["snapshot"]["materials"]
    assert [(item["part"], item["id"]) for item in frozen if item["material"] == "extra"] == [
        (1, first["id"]),
        (2, again["id"]),
    ]


def test_art17_one_more_file_is_a_change_of_its_material(world: World) -> None:
    applied = apply(world, open_round(world))
    asked = {"items": [{"pointer": "/attachments/self_assessment", "request": "样例：请补附表"}]}
    ok(world.office.post(f"/v1/applications/{applied.id}/correction-requests", asked), 201)
    ok(post(applied.applicant, applied.id, material="extra"), 201)
    path = f"/v1/applications/{applied.id}/resubmission"
    refused(applied.applicant.post(path), 422, "rule_refused", "art17.qualification")
    extra = [
        item
        for item in ok(applied.applicant.get(f"/v1/applications/{applied.id}/attachments"))["items"]
        if item["material"] == "extra"
    ]
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/attachments/{extra[0]['id']}/removal"))
    ok(post(applied.applicant, applied.id, material="self_assessment", part="2"), 201)
    ok(applied.applicant.post(path))


def test_art17_a_material_is_one_that_the_rules_of_the_round_know(world: World) -> None:
    further = [{"code": "licences", "zh": "许可证", "en": "Licences"}]
    application_id, applicant = drafted(world, further_materials=further)
    problem = refused(post(applicant, application_id, material="zzz"), 422, "rule_refused", "art17.qualification")
    (violation,) = problem["violations"]
    assert violation["facts"]["known"] == ["self_assessment", "licences", "renewal"]
    assert violation["reason"] == "material_unknown" and "许可证（licences）" in violation["remedy_zh"]
    refused(post(applicant, application_id, material="extra"), 422, rule="art17.qualification")
    ok(post(applicant, application_id, material="licences"), 201)


def test_art17_whoever_refuses_a_file_says_under_which_rule_and_what_to_do(world: World) -> None:
    """A material, a unit's opinion, a department's: each reason under the rule that the file is handed in for."""
    application_id, applicant = drafted(world, max_file_bytes=len(PDF) + 10)
    attachments = f"/v1/applications/{application_id}/attachments?material=self_assessment&"
    opinions = "/v1/stamped-opinions?"
    for caller, path, rule in (
        (applicant, attachments, "art17.qualification"),
        (world.by("unit-wenwuba"), opinions, "art03.recommendation"),
        (world.by("department-market"), opinions, "art17.qualification"),
    ):
        for content, filename, status, reason in (
            (b"", "a.pdf", 422, "file_empty"),
            (b"MZ a program", "a.pdf", 415, "file_type_refused"),
            (b"%PDF-1.7\n", "a.pdf", 422, "file_unreadable"),
            (pdf(user="secret"), "a.pdf", 422, "file_locked"),
            (PDF, "\u200b.pdf", 422, "file_name_unreadable"),
            (PDF, "a.png", 422, "file_named_otherwise"),
        ):
            if path is attachments and reason == "file_locked":
                continue  # It is larger than this round takes.
            problem = refused(caller.post(f"{path}filename={filename}", content=content), status, rule=rule)
            (violation,) = problem["violations"]
            assert violation["reason"] == reason
            assert violation["remedy_zh"] and violation["remedy_en"]
    problem = refused(applicant.post(f"{attachments}filename=a.pdf", content=PDF + b" " * 20), 413, "file_too_large")
    assert problem["violations"][0]["facts"]["limit_bytes"] == len(PDF) + 10
    many = refused(applicant.post(f"{attachments}filename=a.pdf&part=11", content=PDF), 422, "invalid")
    assert (many["errors"][0]["pointer"], many["violations"][0]["reason"]) == ("/query/part", "too_many_parts")
