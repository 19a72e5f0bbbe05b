"""Art. 16: the round opens with a published call; applications are taken to the last second of its deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from app.measures.call import CallFacts, call_complete, deadline_extendable, submission_day_to_come, within_window
from tests.measures.procedure_samples import only, refused, shanghai

RULE = "art16.call"
PUBLISHED = shanghai(2024, 3, 1, 9)
DEADLINE = date(2024, 4, 30)


@pytest.mark.parametrize(
    ("channels", "deadline", "messages"),
    [
        (("县政府网站",), date(2024, 3, 2), []),
        (("", "县政府网站"), DEADLINE, []),
        (("县政府网站",), date(2024, 3, 1), ["deadline_not_after_call"]),
        ((), DEADLINE, ["channel_missing"]),
        (("会昌县人民政府门户网站",), DEADLINE, []),
        (("样例 日报",), DEADLINE, []),
        (("《样例日报》",), DEADLINE, []),
        (("会昌县人民政府官网",), DEADLINE, []),
        (("会昌县人民政府官方网站",), DEADLINE, []),
        (("路边电线杆", "样例融媒体中心"), DEADLINE, []),
        (("路边电线杆",), DEADLINE, ["no_known_channel"]),
        (("微信群", "样例晚报"), date(2024, 3, 1), ["no_known_channel", "deadline_not_after_call"]),
        (
            (" ",),
            date(2024, 2, 1),
            ["channel_missing", "deadline_not_after_call"],
        ),
    ],
)
def test_a_call_has_a_channel_and_a_deadline_to_come(
    channels: tuple[str, ...], deadline: date, messages: list[str]
) -> None:
    findings = call_complete(call=CallFacts(PUBLISHED, channels, deadline), media=("样例日报", "样例融媒体中心"))
    assert refused(findings, RULE) == messages
    assert dict(findings[0].facts) == {
        "published_on": "2024-03-01",
        "deadline": deadline.isoformat(),
        "channels": list(channels),
    }


def test_the_day_of_publication_is_that_of_shanghai() -> None:
    late = CallFacts(datetime(2024, 3, 1, 16, 0, tzinfo=UTC), ("县政府网站",), date(2024, 3, 2))
    assert only(call_complete(call=late, media=()), RULE, "fail").facts["published_on"] == "2024-03-02"


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (shanghai(2024, 3, 1, 8, 59, 59), "call_not_published"),
        (PUBLISHED, None),
        (shanghai(2024, 4, 30, 23, 59, 59), None),
        (datetime(2024, 4, 30, 15, 59, 59, 999999, tzinfo=UTC), None),
        (shanghai(2024, 5, 1), "deadline_passed"),
        (datetime(2024, 4, 30, 16, 0, tzinfo=UTC), "deadline_passed"),
    ],
)
def test_applications_are_taken_from_the_call_to_24_00_in_shanghai(at: datetime, message: str | None) -> None:
    finding = only(within_window(at=at, published_at=PUBLISHED, deadline=DEADLINE), RULE, "fail" if message else "pass")
    assert message in (None, finding.reason)
    assert finding.facts["deadline"] == "2024-04-30"


def test_without_a_published_call_there_is_no_application() -> None:
    only(within_window(at=PUBLISHED, published_at=None, deadline=DEADLINE), RULE, "fail")


@pytest.mark.parametrize(
    ("new", "at", "messages"),
    [
        (date(2024, 5, 1), shanghai(2024, 4, 30, 23, 59, 59), []),
        (DEADLINE, PUBLISHED, ["not_later"]),
        (date(2024, 4, 29), PUBLISHED, ["not_later"]),
        (date(2024, 5, 31), shanghai(2024, 5, 1), ["not_reopened"]),
    ],
)
def test_a_deadline_moves_later_while_it_runs_never_earlier_never_again(
    new: date, at: datetime, messages: list[str]
) -> None:
    findings = deadline_extendable(current=DEADLINE, new=new, at=at)
    assert refused(findings, RULE) == messages
    assert (findings[0].facts["current"], findings[0].facts["new"]) == ("2024-04-30", new.isoformat())
    if not messages:
        only(findings, RULE, "pass")


@pytest.mark.parametrize(("day", "past"), [(29, True), (30, False), (31, False)])
def test_nobody_submits_on_a_day_that_has_passed(day: int, past: bool) -> None:
    findings = submission_day_to_come(day=date(2024, 3, day), today=date(2024, 3, 30))
    assert refused(findings, RULE) == (["submission_day_past"] if past else [])
    if past:
        assert dict(findings[0].facts) == {"day": "2024-03-29", "today": "2024-03-30"}


def test_channels_are_known_by_what_their_names_are_compared_by() -> None:
    def told(key: Callable[[str], str], *channels: str) -> list[str]:
        call = CallFacts(PUBLISHED, channels, DEADLINE)
        return [item.reason.value for item in call_complete(call=call, media=("样例日报",), key=key)]

    assert told(lambda name: name[-2:], "别的日报") == ["call_complete"]
    assert told(lambda name: name, "别的日报") == ["no_known_channel"]
    assert told(lambda name: name.replace("網", "网"), "县政府網") == ["call_complete"]
    assert told(lambda name: name, "县政府網") == ["no_known_channel"]
