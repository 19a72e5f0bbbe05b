"""Art. 10: the office words its papers itself; its words can name what the paper has, and do nothing else."""

from typing import Any

import pytest

from app.services.papers.catalogue import KINDS, shipped_words
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.papers import drafted, pdf_text, plain
from tests.support.problems import refused

WORDS = (
    "标题：样例{年度}年评审通知\n主送：各样例单位\n文号：{发文字号}\n落款：{承办机关}\n日期：{成文日期}\n"
    "\n正文写到{截止日期}。名额{制造业名额}、{其他行业名额}。\n[表：申报材料]\n[表：评分办法]\n"
)


def upload(world: World, source: str, kind: str = "call", **more: Any) -> Any:
    return world.office.post("/v1/paper-templates", {"kind": kind, "text_zh": source, **more})


def test_words_are_checked_previewed_put_in_force_and_put_back(world: World) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    before = pdf_text(drafted(world.office, path, "call"))
    ok(world.office.post("/v1/paper-templates?dry_run=true", {"kind": "call", "text_zh": WORDS}), 201)
    row = ok(upload(world, WORDS), 201)
    assert pdf_text(drafted(world.office, path, "call")) == before
    seen = world.office.get(f"/v1/paper-templates/{row['id']}/documents/preview.pdf")
    assert plain("正文写到〔截止日期〕。") in pdf_text(seen.content)
    ok(world.office.post(f"/v1/paper-templates/{row['id']}/activation"))
    after = pdf_text(drafted(world.office, path, "call"))
    assert plain("样例2024年评审通知") in after
    assert "不收取费用" not in after
    told = ok(world.auditor.get("/v1/paper-templates?kind=call"))
    assert (told["in_force"], len(told["items"])) == (row["id"], 1)
    assert "截止日期" in told["places"]
    assert told["text_shipped"] == shipped_words("call")
    again = ok(upload(world, told["text_shipped"]), 201)
    ok(world.office.post(f"/v1/paper-templates/{again['id']}/activation"))
    assert pdf_text(drafted(world.office, path, "call")) == before
    # An earlier one, too.
    world.clock.forward(minutes=1)
    ok(world.office.post(f"/v1/paper-templates/{row['id']}/activation"))
    assert plain("样例2024年评审通知") in pdf_text(drafted(world.office, path, "call"))


@pytest.mark.parametrize(
    "line",
    [
        "{% for item in ''.__class__.__mro__ %}x{% endfor %}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{届次.__class__.__mro__}",
        "{届次[0]}",
        "{届次!r:>1000000000}",
        "{不存在的项}",
        "{",
        "}",
        "[表：评分汇总的别的表]",
        "{# 注释 #}",
        "私\ue000用",
    ],
)
def test_what_is_no_place_of_the_paper_is_refused_with_its_line(world: World, line: str) -> None:
    answer = refused(upload(world, WORDS + line), 422)
    assert any(item["pointer"] == "/text_zh" and "第10行" in item["message"] for item in answer["errors"]), answer[
        "errors"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "正文而没有标题",
        "标题：一\n标题：二\n\n正文",
        "标题：\n\n正文",
        WORDS + "很长\n" * 400,
        "题目：样例\n\n正文",
    ],
)
def test_what_is_no_paper_is_refused(world: World, source: str) -> None:
    refused(upload(world, source), 422)


def test_source_of_the_typesetter_is_printed_as_it_stands(world: World) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    lines = [
        '#read("/etc/passwd")',
        '#import "/etc/passwd": *',
        "#for i in range(1000000000) [x]",
        "$ x^2 $ *粗* _斜_ @标签 <标签> // 注释",
        "\\ #[ ] = 标题 - 项 + 项 / 项: ~",
    ]
    row = ok(upload(world, WORDS + "\n".join(lines)), 201)
    ok(world.office.post(f"/v1/paper-templates/{row['id']}/activation"))
    found = pdf_text(drafted(world.office, path, "call"))
    for line in lines:
        assert plain(line) in found
    assert "root:" not in found


def test_what_is_filled_in_is_not_read_again(world: World) -> None:
    title = "样例{年度}[表：申报材料]#read(1){{x}}"
    row = ok(world.office.post("/v1/rounds", {"year": 2024, "title": title}), 201)
    assert plain(title) in pdf_text(drafted(world.office, f"/v1/rounds/{row['id']}", "call"))


def test_the_shipped_words_name_what_their_papers_have() -> None:
    for key in KINDS:
        assert shipped_words(key).startswith("标题：")


@pytest.mark.parametrize("key", KINDS)
def test_words_have_to_name_what_the_paper_is_for(world: World, key: str) -> None:
    whole = shipped_words(key)
    ok(upload(world, whole, key), 201)
    assert KINDS[key].must
    for name in KINDS[key].must:
        cut = whole.replace(f"{{{name}}}", "样例")
        for table in (f"[{name}]", f"[{name.replace('表：', '附件：')}]"):
            cut = cut.replace(table, "样例")
        answer = refused(upload(world, cut, key), 422)
        assert any(name in item["message"] for item in answer["errors"]), (name, answer["errors"])


def test_a_table_within_a_sentence_is_not_printed_and_not_named(world: World) -> None:
    answer = refused(upload(world, WORDS.replace("[表：评分办法]", "见[表：评分办法]。")), 422)
    assert "表：评分办法" in answer["errors"][0]["message"]


def test_the_government_agrees_to_words_in_its_name(world: World) -> None:
    path = f"/v1/rounds/{conclude_round(world, 2024, Contender()).round_id}"
    words = shipped_words("decree").replace("希望受表彰的组织", "样例：愿受表彰的组织")
    row = ok(upload(world, words, "decree"), 201)
    refused(world.office.post(f"/v1/paper-templates/{row['id']}/activation"), 403)
    assert plain("样例：愿") not in pdf_text(drafted(world.office, path, "decree"))
    ok(world.government.post(f"/v1/paper-templates/{row['id']}/activation"))
    assert plain("样例：愿受表彰的组织") in pdf_text(drafted(world.office, path, "decree"))
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=activate_paper_template"))["items"]
    assert entry["details"]["kind"] == "decree"


@pytest.mark.parametrize("head", ["落款：会昌县人民政府", "落款：{县政府}"])
def test_a_paper_of_the_office_is_not_in_the_governments_name(world: World, head: str) -> None:
    answer = refused(upload(world, WORDS.replace("落款：{承办机关}", head)), 422)
    assert "县政府名义" in answer["errors"][0]["message"]


def test_only_the_office_words_papers(world: World) -> None:
    row = ok(upload(world, WORDS), 201)
    refused(world.government.post("/v1/paper-templates", {"kind": "call", "text_zh": WORDS}), 403)
    refused(world.government.post(f"/v1/paper-templates/{row['id']}/activation"), 403)
    refused(world.by("department-tax").get(f"/v1/paper-templates/{row['id']}/documents/preview.pdf"), 404)
    refused(world.office.get(f"/v1/paper-templates/{row['id']}/documents/call.pdf"), 404)
