"""The demonstration does what the README promises."""

import csv
import io
import subprocess
import sys
from pathlib import Path

from app.services.papers.catalogue import KINDS

ROOT = Path(__file__).parent.parent.parent

# What the demonstration must show, in the words in which it does.
SHOWN = [
    "13(1) (art13.1.local)",
    "13(4) (art13.4.profit)",
    "13(6)(d)",
    "6 (art06.interval)",
    "3 (art03.recommendation)",
    "none (复评)",
    "0.00 yuan",
    ": upheld",
    ": dismissed",
    "one manufacturing seat stays vacant",
    "paid   2",
    "decided under Art. 26",
    "decided under Art. 28",
    "样例精密制造有限公司、样例新材料股份有限公司、样例老字号食品有限公司、样例人民医院",
    "proposed 拟奖: 样例精密制造有限公司、样例老字号食品有限公司; waiting 等候: 样例人民医院",
    "proposed 拟奖: 样例精密制造有限公司、样例老字号食品有限公司、样例人民医院",
    "only its investigator reads an objection as it came",
    "2 plaques ordered, delivered and handed over",
    "样例人民医院：交回奖牌，登记入台账",
    "its plaque is returned to it",
    "papers/plaques.xlsx, plaques.csv：奖牌台账",
    "prize: 40,000.00 yuan back",
    "prize: 100,000.00 yuan back / 已追回, recovered",
    "art22.approval",
    "files in build/papers",
    "the chain is intact",
]


def test_the_demonstration_shows_a_whole_round() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    assert [line for line in SHOWN if line not in run.stdout] == []
    # The inventory tells of both plaques what became of them: one back for good, one with its winner again.
    rows = list(csv.reader(io.StringIO((ROOT / "build" / "papers" / "plaques.csv").read_text(encoding="utf-8-sig"))))
    heads = [head.partition(" / ")[0] for head in rows[0]]
    told = [dict(zip(heads, row, strict=True)) for row in rows[1:]]
    assert [(row["牌面名称"], row["状态"], bool(row["退还日期"])) for row in told] == [
        ("样例精密制造有限公司", "已收回", False),
        ("样例人民医院", "已颁发", True),
    ]
    # Of every kind of paper there is one to look at, and each can be edited.
    left = {path.name.partition("-")[0] + path.suffix for path in (ROOT / "build" / "papers").iterdir()}
    assert {f"{key}{ending}" for key in KINDS for ending in (".pdf", ".docx")} - left == set()
