"""`shouhu drill`: an exercise through the whole chain, and who was reached by it."""

import asyncio
import hashlib
import time
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import httpx
import orjson
import typer

from events.codec import to_structured
from events.envelope import Event
from services.access.sample import token_file
from services.account.reached import Recipient, reached
from services.account.trace import trace
from services.chassis.clock import SHANGHAI, SystemClock
from services.chassis.database import connect
from services.chassis.settings import load_settings
from services.cli.reach import postgres_dsn
from services.directory.agencies import agency_name
from services.directory.posts import parse_post
from services.directory.territory import territory

LOOK = 0.25  # seconds between looks
UNUSABLE = 2  # exit code: nothing was sent


class Kind(StrEnum):
    """What is said to have happened."""

    missing = "missing"
    violence = "violence"
    alone = "alone"


SOURCES = {Kind.missing: "police_command", Kind.violence: "hospital", Kind.alone: "police_command"}


def drill(
    area: Annotated[str, typer.Option(help="County in which it is said to happen, such as 220122. 县级代码")],
    kind: Annotated[Kind, typer.Option(help="What is said to have happened. 情形")] = Kind.missing,
    minutes: Annotated[float, typer.Option(min=0.1, max=120, help="How long people are waited for. 等候分钟")] = 5,
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="Wait also until each is acknowledged. 等到全部签收")
    ] = False,
    source: Annotated[str | None, typer.Option(help="Who is said to report. 报告单位")] = None,
    token: Annotated[
        Path | None, typer.Option("--token-file", help="A source's token; default: the sample one. 来源令牌文件")
    ] = None,
    operations: Annotated[
        Path | None,
        typer.Option("--operations-token-file", help="Ends the drill; default: the sample one. 运维令牌文件"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Run a marked exercise through the whole chain, and say who was reached, after how long, by which channel. 演练

    Every message is marked 【演练】 and goes out by the drill channels alone (`drill:` in the channels file). At the end its
    referrals are voided: nothing of them counts. Exit code 0 if every recipient was reached, 1 if not, 2 if nothing was sent.
    """
    if territory().county(area) != area:
        raise typer.BadParameter("expected a county's code of Jilin, such as 220122", param_hint="--area")
    data = load_settings().data.expanduser()
    url = _url(data)
    ours, theirs = (
        _secret(token or token_file(data, "sample-source")),
        _secret(operations or token_file(data, "sample-operations")),
    )
    event = exercise(kind, area, source or f"/{SOURCES[kind]}/{area}/drill", SystemClock().now())
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as door:
        _send(door, ours, event)
        found, outcome = asyncio.run(_watch(event, minutes * 60, acknowledge))
        ended = _end(door, theirs, event, found)
    good = outcome == "referred" and bool(found) and all(each.reached for each in found)
    if as_json:
        typer.echo(orjson.dumps({"event": event.id, "source": event.source, "outcome": outcome, "reached": good, "ended": ended,
                                 "recipients": [each.as_json() for each in found]}).decode())  # fmt: skip
    else:
        typer.echo("\n".join(lines(event, outcome, found, ended)))
    raise typer.Exit(0 if good else 1)


def exercise(kind: Kind, area: str, source: str, now: datetime) -> Event:
    """The event of a drill, about a child that does not exist. Two of one second and kind are the same one."""
    name = hashlib.sha256(f"{kind}|{area}|{source}|{now.isoformat(timespec='seconds')}".encode()).hexdigest()[:16]
    local = now.astimezone(SHANGHAI).isoformat(timespec="seconds")
    told: dict[Kind, tuple[str, dict[str, Any]]] = {
        Kind.missing: ("child.missing.v1", {"last_seen_at": local, "suspected_cause": "unknown"}),
        Kind.violence: ("abuse.domestic_violence.suspected.v1", {"suspect_relation": "unknown", "injury_level": "unknown",
                        "ongoing": True, "immediate_danger": True, "needs_medical": False}),
        Kind.alone: ("child.living_alone.v1", {"since": local, "reachable_parent": False, "heating_ok": True}),
    }  # fmt: skip
    type_, more = told[kind]
    child = f"c_drill_{name}"
    data = {"child_ref": child, "age_years": 9, "residence_code": area, "hukou_code": area, "occurrence_code": area,
            "occurred_at": local, "confidence": "suspected", **more}  # fmt: skip
    return Event(id=f"drill-{name}", source=source, type=type_, time=now, subject=child, exercise=True, data=data)


async def _watch(event: Event, patience: float, acknowledge: bool) -> tuple[list[Recipient], str]:
    """Look until everybody was reached (or acknowledged), nothing more is tried, or the time is over."""
    db = await connect(postgres_dsn())
    end = time.monotonic() + patience
    try:
        while True:
            found = await reached(db, event.source, event.id)
            told = await trace(db, event.id, event.source, SystemClock(), whole=False)
            outcome = told["outcome"] if told else "pending"
            done = outcome != "pending" and all(
                (each.acknowledged is not None) if acknowledge else each.ended for each in found
            )
            if (done and (found or outcome != "referred")) or time.monotonic() > end:
                return found, outcome
            await asyncio.sleep(LOOK)
    finally:
        await db.close()


def _send(door: httpx.Client, token: str, event: Event) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    try:
        answer = door.post("/api/v1/events", content=to_structured(event), headers=headers)
    except httpx.HTTPError as error:
        _unusable(f"{door.base_url}: 无应答 no answer ({type(error).__name__})")
    results = (
        answer.json().get("results", [{}])
        if answer.headers.get("content-type", "").startswith("application/json")
        else [{}]
    )
    if answer.status_code != 202 or results[0].get("status") != "accepted":
        why = "; ".join(f"{e['field']}: {e['expected']}" for e in results[0].get("errors", ())) or str(
            answer.status_code
        )
        _unusable(f"演练事件被拒收 the door refused the exercise: {why}")


def _end(door: httpx.Client, token: str, event: Event, found: list[Recipient]) -> int:
    """Void every referral of the exercise; returns how many. One that cannot be voided is named and left."""
    headers = {"Authorization": f"Bearer {token}"}
    ended = 0
    for number in dict.fromkeys(each.number for each in found):
        now = door.get(f"/api/v1/referrals/{number}", headers=headers)
        if now.status_code != 200:
            typer.echo(f"{number}: 未能撤销 not voided: {now.status_code}", err=True)
            continue
        body = {"version": now.json()["version"], "request_id": f"{event.id}-end", "data": {"reason": "exercise"}}
        done = door.post(f"/api/v1/referrals/{now.json()['id']}/actions/void", json=body, headers=headers)
        if done.status_code == 200:
            ended += 1
        else:
            typer.echo(f"{number}: 未能撤销 not voided: {done.json().get('detail', done.status_code)}", err=True)
    return ended


def lines(event: Event, outcome: str, found: list[Recipient], ended: int) -> list[str]:
    """The report for people: one line for each recipient, below it every channel that was tried."""
    said = [f"演练 exercise {event.id}  {event.type.removesuffix('.v1')}  {outcome}"]
    for each in found:
        after = f"{each.seconds:.1f} s" if each.seconds is not None else "-"
        mark = "已送达 reached" if each.reached else "未送达 NOT reached"
        answered = f"  签收 acknowledged {each.acknowledged:.1f} s" if each.acknowledged is not None else ""
        said.append(f"{mark:14} {after:>8}  {each.number}  {each.role:8} {_post(each.post)}{answered}")
        for t in each.tries:
            seconds = f"{t.seconds:.1f} s" if t.seconds is not None else "-"
            said.append(
                f"      {t.channel:6} {t.outcome:10} {seconds:>8}  {t.person} ({t.to_role}) {t.detail}".rstrip()
            )
    good = sum(each.reached for each in found)
    said.append(f"{good} / {len(found)} 已送达 reached; {ended} 件演练转介已撤销 referrals of the exercise voided")
    if found and not any(t.outcome in ("sent", "delivered") for each in found for t in each.tries):
        said.append(
            "没有任何演练渠道送达:请在渠道文件中配置 drill: · no drill channel took anything: configure `drill:` in SHOUHU_CHANNELS"
        )
    return said


def _post(key: str) -> str:
    if not key:
        return "-"
    post = parse_post(key)
    return f"{agency_name(post.agency)} {post.function}"


def _url(data: Path) -> str:
    try:
        return str(orjson.loads((data / "endpoints.json").read_bytes())["http"])
    except (OSError, ValueError, KeyError):
        _unusable(f"{data / 'endpoints.json'}: 未运行 missing; start `shouhu up`")


def _secret(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        _unusable(f"{file}: 无法读取 cannot be read; expected a file with a token (shouhu token create)")


def _unusable(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(UNUSABLE)
