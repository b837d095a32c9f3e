"""`shouhu route FILE --at TIME`: a dry run of one event; nothing is touched."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer

from events.catalogue import check
from events.codec import Refusal, from_http
from services.chassis.clock import SystemClock
from services.chassis.settings import SettingsFault
from services.cli.event_files import read_events
from services.cli.which_edition import RUNNING, edition_named
from services.law.calendar import local_day
from services.law.rulebook_file import RulebookFault
from services.referral.explain import explain
from services.referral.laws import law_from
from services.referral.subjects import subjects_of


def route_command(
    file: Annotated[Path, typer.Argument(help="One CloudEvent as JSON (or several). 事件文件")],
    at: Annotated[str | None, typer.Option(help="The moment of acceptance, ISO 8601; default: now. 接收时间")] = None,
    edition: Annotated[
        str, typer.Option(help="A directory, an edition's id, or `running`: the one in force at that time. 版本")
    ] = RUNNING,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Which rules were tried, which matched and which did not, on which field; who would be told, by when, on what basis. 试算

    Also who was left out and why, timers, legal clocks and derived events. The desk is empty: nothing is known but the event.
    Exit code 1 if the door would refuse an event.
    """
    moment = datetime.fromisoformat(at) if at else SystemClock().now()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    try:
        law = law_from(edition_named(edition, local_day(moment)))
    except (RulebookFault, SettingsFault) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    answers: list[dict[str, Any]] = []
    batch = orjson.dumps(read_events(file))
    for event in from_http("application/cloudevents-batch+json", {}, batch):
        if isinstance(event, Refusal):
            answers.append({"refused": [e._asdict() for e in event.errors]})
            continue
        faults = check(event)
        if faults:
            answers.append({"event": event.id, "refused": [e._asdict() for e in faults]})
            continue
        answers += [explain(law, event, subject, moment) for subject in subjects_of(event)]
    if as_json:
        typer.echo(orjson.dumps(answers).decode())
    else:
        for answer in answers:
            typer.echo("\n".join(for_people(answer)))
    if any("refused" in answer for answer in answers):
        raise typer.Exit(1)


def for_people(answer: dict[str, Any]) -> list[str]:
    """One answer in lines."""
    if "refused" in answer:
        return [f"拒收 refused: {e['field']}: {e['rule']}, expected {e['expected']}" for e in answer["refused"]]
    lines = [f"{answer['row']}  {answer['severity']}  版本 edition {answer['edition']}"]
    lines += [f"  {_mark(tried)} {tried['severity']}{_why(tried)}" for tried in answer["severities_tried"]]
    lines += [f"  {_mark(tried)} {tried['rule']}{_why(tried)}" for tried in answer["tried"]]
    if answer["fallback"]:
        lines.append("  没有规则匹配，归兜底单位 · no row matched: the fallback owner")
    if answer["no_referral"]:
        lines.append(f"  {answer['no_referral']['zh']} {answer['no_referral']['en']}")
    for r in answer["recipients"]:
        law = ", ".join(f"{b['source']} {b['clause']} ({b['label']})" for b in r["basis"])
        due = "  ".join(
            f"{name} {at[:16]}{' (暂定 provisional)' if name in r['provisional'] else ''}"
            for name, at in r["due"].items()
        )
        lines += [
            f"  → {r['role']:8}{r['agency']}{' + ' + ', '.join(r['also']) if r['also'] else ''}  {r['profile']}{_waits(r)}",
            f"      {due}",
            f"      {law}",
        ]
    lines += _services(answer["services"])
    lines += [f"  − {left.get('kind') or left.get('timer')}  {left['rule']}{_why(left)}" for left in answer["left_out"]]
    lines += [f"  ⏱ {timer['what']} {timer['due'][:16]}" for timer in answer["timers"]]
    lines += [f"  § {clock['clock']} ({', '.join(clock['of'])}){_why(clock)}" for clock in answer["legal_clocks"]]
    lines += [f"  ■ {stop['clock']}" for stop in answer["stops"]]
    lines += [f"  ✕ {', '.join(end['types'])}" for end in answer["ends"]]
    lines += [f"  ⇒ {name}" for name in answer["derived"]]
    if answer["external_notice_to"]:
        lines.append(f"  ✉ {answer['external_notice_to']}")
    return lines


def _services(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    lines = []
    for due in found["due"]:
        consent = f"  待同意 waits for consent: {_codes(due['waits_for_consent'])}" if due["waits_for_consent"] else ""
        lines.append(f"  ◇ 清单项目 items {_codes(due['items'])}  {due['kind']} ({due['where']}){consent}")
    if found["told"]:
        lines.append(f"  ◇ 仅告知儿童主任 told to the child director: {_codes(found['told'])}")
    lines += [f"  ? {entry['item']}  未知 not known: {', '.join(entry['facts'])}" for entry in found["not_known"]]
    return lines


def _codes(codes: list[int | str]) -> str:
    return ", ".join(map(str, codes))


def _mark(tried: dict[str, Any]) -> str:
    return "✓" if tried["matched"] else "✗"


def _why(tried: dict[str, Any]) -> str:
    if tried.get("field"):
        return f"  ({tried['field']} = {tried['found']}, expected {tried['wanted']})"
    return f"  (expected {tried['wanted']})" if tried.get("wanted") else ""


def _waits(recipient: dict[str, Any]) -> str:
    consent = "  待同意 waits for consent" if recipient["waits_for_consent"] else ""
    return consent + ("  待放行 waits for release" if recipient["waits_for_release"] else "")
