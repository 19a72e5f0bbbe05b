"""Arts. 16, 17, 21, 22: whoever reads of a round, its call, its candidates or a notice finds the papers that were
issued of it, and no draft."""

import io
import re

from pypdf import PdfReader

from sandbox.stages.decision import Contender, conclude_round, in_publicity
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.pages import Page, opened


def linked(page: Page) -> set[str]:
    """The issued papers that a page leads to."""
    return {str(link.get("href")) for link in page.all("a") if str(link.get("href")).startswith("/v1/papers/")}


def issue(world: World, path: str, kind: str, by: str = "office") -> str:
    told = ok(getattr(world, by).post(f"{path}/documents/{kind}/issuance", {}))
    return f"/v1/papers/{told['number']}/file"


def test_the_call_is_linked_once_it_is_issued_and_anybody_has_it(world: World) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    assert linked(opened(world, "/call")) == set()
    paper = issue(world, path, "call")
    for where in ("/call", "/en/call", "/"):
        page = opened(world, where)
        assert linked(page) == {paper}
        assert re.search(r"<h[23]>(正式文件|Papers as issued)[^<]*</h[23]>", page.source)
        assert any(str(link.get("href")).endswith(f"/verify/{paper.split('/')[3]}") for link in page.all("a"))
    answer = world.public.get(paper)
    assert answer.status_code == 200 and PdfReader(io.BytesIO(answer.content)).pages
    later = issue(world, path, "call")
    assert later == paper


def test_art21_the_paper_of_a_notice_is_linked_where_the_names_are(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/rounds/{made.round_id}"
    notices = {item["kind"]: item["id"] for item in ok(world.public.get("/v1/notices"))["items"]}
    assert linked(opened(world, "/candidates")) == set()
    published = issue(world, path, "candidate_notice")
    # What is for the inside is no link, issued or not.
    issue(world, path, "evaluation_report")
    assert linked(opened(world, "/candidates")) == {published} == linked(opened(world, "/"))
    assert linked(opened(world, f"/notices/{notices['candidates']}")) == {published}


def test_art22_the_decree_of_the_last_round_is_linked(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    decree = issue(world, f"/v1/rounds/{made.round_id}", "decree", "government")
    assert linked(opened(world, f"/candidates?round={made.round_id}")) == {decree} == linked(opened(world, "/"))
    qualified = issue(world, f"/v1/rounds/{made.round_id}", "qualified_list")
    (notice,) = ok(world.public.get("/v1/notices?kind=qualified_list"))["items"]
    assert linked(opened(world, f"/en/notices/{notice['id']}")) == {qualified}
