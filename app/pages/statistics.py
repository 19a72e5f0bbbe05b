"""The rounds in numbers: as tables, and as drawings beside them (Arts. 6, 17, 20, 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from fastapi import Request, Response

from app.measures.state_machines import RoundState
from app.pages.asking import all_of, found, items_of
from app.pages.rendering import is_english, text
from app.pages.rounds import rounds
from app.pages.route import CSV, Pages, kept

if TYPE_CHECKING:
    from markupsafe import Markup

    from app.kernel.printing.document import Block

pages = Pages()
_MOST = 200
_HEADS_ZH = {
    "title": "届次",
    "year": "年度",
    "qualified": "审查合格",
    "candidates": "候选",
    "awards": "获奖",
    "repeats": "其中复评",
}
_HEADS_EN = {
    "title": "Round",
    "year": "Year",
    "qualified": "Qualified",
    "candidates": "Candidates",
    "awards": "Awards",
    "repeats": "Of these repeat",
}
_RED, _GOLD, _INK, _LINE = "#a4161a", "#b8860b", "#333333", "#dddddd"
_HEIGHT, _AROUND, _PER_BAR, _WIDEST = 280, 110, 90, 900


@pages.page("/statistics")
async def show_statistics(request: Request) -> Response:
    """How many qualified, stood on the list and were awarded, by round."""
    return await kept(request, lambda: _statistics(request))


@pages.page("/statistics.csv")
async def download_statistics(request: Request) -> Response:
    """The same table for a spreadsheet."""
    answer = await kept(request, lambda: _as_csv(request), media_type=CSV)
    answer.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return answer


async def _statistics(request: Request) -> str:
    awards = await all_of(request, "/v1/awards")
    lines = await _lines(request, awards)
    standing = Counter(str(item["status"]) for item in awards)
    return text(
        request,
        "statistics.html",
        lines=lines,
        standing=standing,
        by_round=drawn([(str(_year(line)), int(str(line["awards"]))) for line in lines], _RED),
        listed=drawn([(str(_year(line)), int(str(line["candidates"] or 0))) for line in lines], _GOLD),
    )


async def _as_csv(request: Request) -> str:
    from app.kernel.printing.sheets import csv_of

    lines = await _lines(request, await all_of(request, "/v1/awards"))
    heads = (_HEADS_EN if is_english(request) else _HEADS_ZH).items()
    rows = [["" if (value := _of(line, name)) is None else str(value) for name, _ in heads] for line in lines]
    columns, widths = [head for _, head in heads], [1 for _ in heads]
    table: Block = {"shape": "table", "text": "", "title": "", "columns": columns, "widths": widths, "rows": rows}
    return csv_of([table]).decode()


async def _lines(request: Request, awards: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Of each round, the oldest first: how many qualified, stood on the list (None: none yet), were awarded."""
    by_year = Counter(str(item["award_year"]) for item in awards)
    repeats = Counter(str(item["award_year"]) for item in awards if item["repeat_award"])
    lines: list[dict[str, object]] = []
    for item in reversed((await rounds(request))[:_MOST]):
        if item["state"] == RoundState.CANCELLED:
            continue
        qualified = await found(request, f"/v1/rounds/{item['id']}/qualified-list")
        listed = await found(request, f"/v1/rounds/{item['id']}/candidate-list")
        year = str(item["year"])
        lines.append(
            {
                "round": item,
                "qualified": None if qualified is None else len(_names(qualified)),
                "candidates": None if listed is None else len(items_of(listed, "candidates")),
                "awards": by_year[year],
                "repeats": repeats[year],
            }
        )
    return lines


def _of(line: Mapping[str, object], name: str) -> object:
    of_round = line["round"]
    return of_round.get(name) if isinstance(of_round, dict) and name in ("title", "year") else line[name]


def drawn(bars: Sequence[tuple[str, int]], colour: str) -> Markup | None:
    """Columns as SVG, with attributes alone: no style, no script. None where there is nothing to draw."""
    if not bars or not any(value for _, value in bars):
        return None
    import leather
    from markupsafe import Markup

    _themed()
    chart = leather.Chart()
    chart.add_columns(list(bars), fill_color=colour)
    most = max(value for _, value in bars)
    chart.add_y_scale(0, most)
    chart.add_y_axis(ticks=[*range(0, most + 1, max(1, -(-most // 5)))])
    width = min(_AROUND + _PER_BAR * len(bars), _WIDEST)
    drawing: str = chart.to_svg(width=width, height=_HEIGHT)
    size = f'<svg width="{width}" height="{_HEIGHT}"'
    # The table beside it tells the same to those who hear the page. The library has escaped the labels.
    told = f'{size} viewBox="0 0 {width} {_HEIGHT}" aria-hidden="true" focusable="false"'
    return Markup(drawing[drawing.index("<svg") :].replace(size, told, 1))


@cache
def _themed() -> None:
    """The library's look is one for the process."""
    import leather

    theme = leather.theme
    theme.background_color = "none"
    theme.tick_font_family = "sans-serif"
    theme.tick_color, theme.zero_color, theme.tick_font_size, theme.label_color = _LINE, _INK, "13", _INK


def _names(told: Mapping[str, object]) -> list[object]:
    names = told.get("names")
    return names if isinstance(names, list) else []


def _year(line: Mapping[str, object]) -> object:
    of_round = line["round"]
    return of_round["year"] if isinstance(of_round, dict) else ""
