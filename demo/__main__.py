"""`make demo`: a whole round through HTTP against a server of its own, told stage by stage; then the audit chain is
checked."""

import sys
import tempfile
import time
from pathlib import Path

from demo.afterwards import play_afterwards
from demo.fourth_round import play_round
from demo.history import play_history
from demo.papers import leave_papers
from demo.server import playing
from demo.telling import good, line, stage
from sandbox.clock import MovableClock
from sandbox.world import World, ok

_PAPERS = Path("build") / "papers"


def main() -> int:
    started = time.monotonic()
    print(
        "“会昌独好”质量奖演示：人物、组织和文件均为样例，时间由演示自行推进。\n"
        "A demonstration of the quality award. Everybody in it is a sample; the clock is the demonstration's own."
    )
    clock = MovableClock.at("2023-07-03")
    with tempfile.TemporaryDirectory(prefix="award-demo-") as folder, playing(Path(folder), clock) as world:
        _sign_in(world)
        veterans = play_history(world)
        play_afterwards(world, play_round(world, veterans))
        leave_papers(world, _PAPERS)
        intact = _audit(world)
    print(f"\nPlayed in {time.monotonic() - started:.0f} s.")
    return 0 if intact else 1


def _sign_in(world: World) -> None:
    stage("Signing in / 登录", "2", world.clock.today)
    form = {"grant_type": "password", "username": "office", "password": "correct horse battery"}
    tokens = ok(world.client.post("/v1/tokens", data=form))
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    ok(world.client.post("/v1/tokens", data=again))
    machine = {
        "grant_type": "client_credentials",
        "client_id": "payment_platform",
        "client_secret": "correct horse battery",
    }
    ok(world.client.post("/v1/tokens", data=machine))
    good("the office by password and refresh token, the payment platform by client credentials")
    line(
        "此后每次调用都带调用者自己登录取得的令牌 / from here on each call carries a token its caller has signed in for"
    )


def _audit(world: World) -> bool:
    stage("The audit chain / 审计链", "2, 29", world.clock.today)
    approval = ok(world.auditor.get("/v1/audit-entries?act=approve_awards"))["items"][0]
    rules = sorted({finding["rule"] for finding in approval["details"]["findings"]})
    line(f"县政府审定（{approval['at'][:10]}）所依据的条款 / the approval of {approval['at'][:10]} rests on:")
    for start in range(0, len(rules), 6):
        line(f"  {', '.join(rules[start : start + 6])}")
    told = ok(world.auditor.get("/v1/audit-chain"))
    line(f"{told['entries']}条记录 / entries, head {told['head_hash'][:16]}…")
    if told["intact"]:
        good("审计链完整 / the chain is intact")
    return bool(told["intact"])


if __name__ == "__main__":
    sys.exit(main())
