"""Pages for anybody are answered from memory, with their hash, as long as nothing is decided (Arts. 21, 26, 31)."""

import gzip

from app.pages import rendering
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, candidates, conclude_round, in_publicity
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, decide
from tests.support.pages import opened
from tests.support.queries import counted


def test_a_page_that_is_kept_costs_a_look_at_the_chain(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    notice = next(iter(candidates(world, made.round_id).values()))["notice_id"]
    award = ok(world.public.get("/v1/awards"))["items"][0]
    paths = ["/", "/en", f"/notices/{notice}", f"/awards/{award['id']}", f"/candidates?round={made.round_id}"]
    paths += ["/statistics", "/statistics.csv", "/notices.atom", "/dates.ics", "/sitemap.xml"]
    told = {path: [world.client.get(path) for _ in range(3)][-1] for path in paths}
    for path in paths:
        with counted(world) as statements:
            again = world.client.get(path)
        assert again.content == told[path].content
        assert len(statements) == 1 and "audit_head" in statements[0], path
        tag = again.headers["etag"]
        assert again.headers["cache-control"] == "public, no-cache"
        unchanged = world.client.get(path, headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert "default-src 'none'" in unchanged.headers["content-security-policy"]


def test_art28_a_revocation_is_on_every_page_at_once(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    world.clock.go("2025-06-01")
    number = ok(world.public.get(f"/v1/awards/{winner.award_id}"))["certificate_number"]
    case = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    paths = ["/register", f"/awards/{winner.award_id}", f"/verify/{number}", "/statistics", "/exclusions"]
    before = {path: [opened(world, path) for _ in range(3)][-1] for path in paths}
    assert "已撤销" not in before[f"/verify/{number}"].text
    decide(world, case)
    after = {path: opened(world, path) for path in paths}
    for path in paths[:3]:
        assert "已撤销" in after[path].text, path
    assert [path for path in paths if after[path].source == before[path].source] == []
    assert (
        "不可以" in after[paths[1]].text
        and "可以 ：组织形象" not in after[paths[1]].text.replace("不可以", "")
        and "不可以 ：组织形象" in after[paths[1]].text
    )
    # On a day before, it was valid; the revocation is not hidden from who asks today.
    assert "有效" in opened(world, f"/verify/{number}?on=2025-05-31").text


def test_art23_another_day_is_another_page(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    path = f"/awards/{winner.award_id}"
    assert [opened(world, path) for _ in range(3)][-1].text.count("不可以") == 2
    world.clock.go("2040-01-01")
    later = opened(world, path).text
    assert later.count("不可以") == 3
    # Two reasons are two sentences.
    assert "标注于产品、包装；" in later


def test_art21_the_days_left_go_down_and_the_end_is_the_end(world: World) -> None:
    made = in_publicity(world, Contender())
    one = next(iter(candidates(world, made.round_id).values()))
    first = [opened(world, "/candidates") for _ in range(3)][-1].text
    world.clock.go(one["last_day"])
    last = opened(world, "/candidates").text
    assert "还剩 1 天" in last and "还剩 1 天" not in first


def test_a_page_is_compressed_for_those_who_take_that(world: World) -> None:
    forms = {}
    for coding in ("identity", "gzip"):
        for _ in range(3):
            with world.client.stream("GET", "/measures", headers={"Accept-Encoding": coding}) as answer:
                forms[coding] = b"".join(answer.iter_raw()), answer.headers
    packed, headers = forms["gzip"]
    assert gzip.decompress(packed) == forms["identity"][0] and headers["content-encoding"] == "gzip"
    assert headers["vary"] == "Accept-Encoding"


def test_who_shows_a_token_sees_what_the_public_sees(world: World) -> None:
    """A page knows no accounts: it is made for the public, and kept for the public."""
    in_publicity(world, Contender())
    for path in ("/", "/candidates"):
        assert world.office.get(path).content == world.client.get(path).content


def test_forms_are_kept_by_nobody(world: World) -> None:
    for path in ("/check", "/follow", "/report-mark"):
        one, other = opened(world, path), opened(world, path)
        assert one.headers["cache-control"] == "no-store" and one.fields["ticket"] != other.fields["ticket"]


def test_every_template_is_made_before_the_first_page_is_asked_for() -> None:
    """The service makes them when it starts, beside its first requests."""
    rendering.warm()
    environment = rendering._environment()
    names = environment.list_templates()
    assert {"home.html", "base.html", "sitemap.xml"} <= set(names)
    assert environment.cache is not None and {name for _, name in environment.cache} >= set(names)
