"""Art. 17: a word in a cell of the departments' sheet, with a tick beside it, in either writing."""

from app.services.consultations import cells


def test_a_tick_beside_a_word_or_a_sign_that_shows_nothing_makes_no_other_word() -> None:
    for written in ("√无", "无 √", "无（√）", "☑无不良记录", "\u200b无", "無", "無不良記錄", "√"):
        assert cells.answer(written) == "no_objection"
    assert (cells.answer("√有"), cells.answer("☑不适用")) == ("adverse", "not_applicable")
    assert cells.yes_or_no("已整改√") is True and cells.yes_or_no("☑否") is False
    # A form to tick with two boxes, a tick on each side or a cross says more than one word.
    for unclear in ("□无 ☑有", "☑无 □有", "√√无", "×无", "无×", "√是"):
        assert cells.answer(unclear) == unclear
