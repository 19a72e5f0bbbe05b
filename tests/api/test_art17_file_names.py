"""Art. 17: a file keeps the name that a person gave it; what cannot be a name is refused."""

import pytest

from app.kernel.errors import Invalid
from app.services.applications.attachments import clean_filename
from sandbox.stages.applications import PDF, begin, register_applicant, upload
from sandbox.stages.rounds import open_round
from sandbox.world import World
from tests.support.problems import refused

KEPT = [
    "自评\u3000报告.pdf",
    "a\u00a0b.pdf",
    "a\u202fb.pdf",
    "\U00020bb7野家.pdf",
    "\U0002a6df\U000323af.pdf",
    "报告 1.pdf",
    "\U0002f800\uf900.pdf",
    "..自评.pdf",
    ".自评.pdf",
    "\u00a0头.pdf",
    "\u3000尾\u3000.pdf",
    " 头.pdf",
    "尾.pdf ",
    "\u3164\u3164报告.pdf",
]
REFUSED = [
    ".pdf",
    "\u3000.pdf",
    "\u3164.pdf",
    "\u2800\u00a0.pdf",
    "\u3164",
    "a\x1fb.pdf",
    "a\u2028b.pdf",
    "a\u202eb.pdf",
    "a\u200bb.pdf",
    "\u3000",
    "a/",
    "\\",
    "...",
    "\u0301",
    "a\ue000.pdf",
]


def test_a_name_is_kept_as_it_was_given(world: World) -> None:
    _, applicant = register_applicant(world)
    draft = begin(world, open_round(world), applicant)["id"]
    for name in KEPT:
        assert upload(applicant, draft, "extra", filename=name)["filename"] == name
    assert upload(applicant, draft, "extra", filename="e\u0301.pdf")["filename"] == "\u00e9.pdf"
    for name in REFUSED:
        params = {"material": "extra", "filename": name}
        refused(applicant.post(f"/v1/applications/{draft}/attachments", params=params, content=PDF), 422, "invalid")


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        clean_filename(name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("\u3000.pdf", "文件名只有扩展名，请在扩展名前加上名称"),
        ("\u3164.pdf", "文件名只有扩展名，请在扩展名前加上名称"),
        ("...", "文件名中没有可读的文字，请另起文件名"),
        ("a\u200bb.pdf", "文件名第2个字符（U+200B）不能显示，请删去后重新上传"),
        ("自评\ue000.pdf", "文件名第3个字符（U+E000）不能显示，请删去后重新上传"),
    ],
)
def test_a_name_that_is_refused_is_told_why(name: str, told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_filename(name)
    assert refusal.value.message.zh == told
    assert refusal.value.errors[0].pointer == "/query/filename"
