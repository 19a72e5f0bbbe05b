"""Art. 17: a word in a cell of the departments' sheet, with a tick beside it, in either writing."""

import pytest

from app.services.consultations import cells


def test_a_tick_beside_a_word_or_a_sign_that_shows_nothing_makes_no_other_word() -> None:
    for written in ("√无", "无 √", "无（√）", "☑无不良记录", "\u200b无", "無", "無不良記錄", "√"):
        assert cells.answer(written) == "no_objection"
    assert (cells.answer("√有"), cells.answer("☑不适用")) == ("adverse", "not_applicable")
    assert cells.yes_or_no("已整改√") is True and cells.yes_or_no("☑否") is False
    # A form to tick with two boxes, a tick on each side or a cross says more than one word.
    for unclear in ("□无 ☑有", "☑无 □有", "√√无", "×无", "无×", "√是"):
        assert cells.answer(unclear) == unclear


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("经查，无不良记录。", "no_objection"),
        ("经核查：该企业近三年未发现不良记录", "no_objection"),
        ("經核實，該單位無不良記錄", "no_objection"),
        ("经查询该公司没有不良记录", "no_objection"),
        ("经查，有不良记录", "adverse"),
        # What is said beyond that is for the department to say in a word of the sheet.
        ("经查，该企业有一起事故", None),
        ("经查", None),
        ("该企业", None),
        ("经查，无处罚但有投诉", None),
    ],
)
def test_an_answer_may_say_before_it_how_it_was_found_out(written: str, read: str | None) -> None:
    assert cells.answer(written) == (read or written)
