"""Art. 13(1): what shows nothing at the beginning and the end of a text is no part of it, wherever a text is taken."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.schemas.common import (
    ConfirmationNumber,
    DocumentNumber,
    Line,
    LongText,
    Name,
    Paragraph,
    Reference,
    ReportText,
    Worded,
    WordedLine,
    WordedLong,
)
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity
from sandbox.stages.parties import registration
from sandbox.world import World, ok
from tests.support.problems import refused

# What turns the direction of writing (Bidi_Control of Unicode).
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = ["\u3164", "\u2800", "\u200b \u2060", "\ufeff", "\uffa0\u3000", "\u202a", "\u200e\u202c"]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_art13_1_invisible_ends_are_no_part_of_a_text(world: World, unseen: str) -> None:
    written = {
        "name": "样例真名制造有限公司",
        "contact_name": "样例\u200b联系人",
        "registered_address": "会昌县样例路1号",
    }
    around = {field: f"{unseen}{text}{unseen}" for field, text in written.items()}
    made = ok(world.public.post("/v1/registrations", registration(**around)), 201)["organisation"]
    assert {field: made[field] for field in written} == written


@pytest.mark.parametrize("unseen", UNSEEN)
def test_art13_1_a_name_of_invisible_signs_is_refused(world: World, unseen: str) -> None:
    problem = refused(world.public.post("/v1/registrations", registration(name=unseen)), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/organisation/name", "blank")]


def test_art13_1_a_rare_character_at_the_end_stays(world: World) -> None:
    made = ok(world.public.post("/v1/registrations", registration(name="样例\ue000")), 201)
    assert made["organisation"]["name"] == "样例\ue000"


@pytest.mark.parametrize("turn", TURNS)
def test_art13_1_what_turns_the_writing_is_refused_within_a_line(world: World, turn: str) -> None:
    name, contact = f"样例{turn}司公限有假冒", f"样例{turn}联系人"
    body = registration(name=name, contact_name=contact, registered_address="会昌县\u200b样例路1号")
    problem = refused(world.public.post("/v1/registrations", body), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
        ("/organisation/name", "control_characters"),
        ("/organisation/contact_name", "control_characters"),
    ]


@pytest.mark.parametrize("turn", TURNS)
def test_art21_what_turns_the_writing_is_refused_within_a_text_of_many_lines(world: World, turn: str) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objections"
    problem = refused(world.public.post(path, OBJECTION | {"facts": f"第一行\n样例{turn}格合不"}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/facts", "control_characters")]
    # Copied text brings it along at the ends of its lines: there it is dropped.
    ok(world.public.post(path, OBJECTION | {"facts": f"{turn}样例：第一行{turn}\r\n{turn}抽查不合格{turn}"}), 201)
    for kind in (Paragraph, LongText, ReportText, Worded, WordedLong):
        taken = TypeAdapter[str](kind)
        assert taken.validate_python(f"{turn}样例事由{turn}\r\n{turn}第二行\t末{turn}") == "样例事由\n第二行\t末"
        with pytest.raises(ValidationError) as caught:
            taken.validate_python(f"样例事由\n第{turn}二行")
        assert caught.value.errors()[0]["type"] == "control_characters"


@pytest.mark.parametrize("turn", TURNS)
def test_art13_art16_no_text_of_one_line_turns_the_writing(turn: str) -> None:
    for kind, text in (
        (Line, "样例"),
        (WordedLine, "样例事由"),
        (Name, "样例公司"),
        (Reference, "样例通知"),
        (DocumentNumber, "会府字〔2024〕1号"),
        (ConfirmationNumber, "PAY-2024-000001"),
    ):
        taken = TypeAdapter[str](kind)
        assert taken.validate_python(text) == text
        with pytest.raises(ValidationError) as caught:
            taken.validate_python(f"{text[:1]}{turn}{text[1:]}")
        assert caught.value.errors()[0]["type"] in ("control_characters", "string_pattern_mismatch")
