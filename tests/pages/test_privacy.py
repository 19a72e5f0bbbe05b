"""What the public reads of its personal data: the notice of purposes, linked wherever something personal is typed."""

import pytest

from sandbox.stages.decision import Contender, candidates, in_publicity
from sandbox.world import World, ok
from tests.support.pages import opened, sent


def test_the_notice_says_what_why_how_long_and_whose_rights(world: World) -> None:
    notice, periods = ok(world.public.get("/v1/privacy-notice")), ok(world.public.get("/v1/retention-periods"))
    for where, language in (("/privacy", "zh"), ("/en/privacy", "en")):
        page = opened(world, where)
        said = [item[f"{name}_{language}"] for item in notice["purposes"] for name in ("what", "purpose", "ground")]
        said += [item[f"readers_{language}"] for item in notice["purposes"]]
        said += [item[f"{name}_{language}"] for item in periods["items"] for name in ("what", "event", "becomes")]
        said += [item[f"what_{language}"] for item in periods["kept_for_good"]]
        said += [item[f"{name}_{language}"] for item in notice["rights"] for name in ("right", "article")]
        # A heading begins with a capital.
        assert [words for words in said if words[1:] not in page.text] == []
    assert "5年" in opened(world, "/privacy").text
    assert "5 years" in opened(world, "/en/privacy").text
    assert "1 year after" in opened(world, "/en/privacy").text


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_form_of_the_public_links_it(world: World, language: str) -> None:
    made = in_publicity(world, Contender())
    (one,) = candidates(world, made.round_id).values()
    where = f"{language}/candidates/{one['id']}/objection"
    pages = [opened(world, f"{language}{path}") for path in ("/check", "/follow", "/report-mark")]
    form = opened(world, where)
    pages.append(form)
    pages.append(sent(world, where, 201, form, facts="样例：事实", name="样例异议人", contact="0797-5611111"))
    for page in pages:
        within = page.source.partition("<main")[2].partition("</main>")[0]
        assert f'href="{language}/privacy"' in within
