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
from services.chassis.settings import load_settings
from services.cli.event_files import read_events
from services.referral.decide import clock_maker
from services.referral.represent import local
from services.referral.route import route
from services.referral.service import law_of
from services.referral.subjects import subjects_of


def route_command(
    file: Annotated[Path, typer.Argument(help="One CloudEvent as JSON (or several). 事件文件")],
    at: Annotated[str | None, typer.Option(help="The moment of acceptance, ISO 8601; default: now. 接收时间")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Which rules were tried, which matched and which did not, on which field; who would be told, by when, on what basis. 试算

    Exit code 1 if the door would refuse an event.
    """
    moment = datetime.fromisoformat(at) if at else SystemClock().now()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    law = law_of(load_settings().rulebook)
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
        for subject in subjects_of(event):
            found = route(law.rulebook, event, subject.facts, moment, law.catalogue)
            clocks = clock_maker(law)
            answers.append({
                "event": event.id, "child": subject.child, "row": found.row, "severity": found.severity, "edition": law.rulebook.edition,
                "fallback": found.fallback, "no_referral": found.no_referral, "external_notice_to": found.external_to,
                "tried": [vars(t) for t in found.tried],
                "recipients": [{
                    "role": r.role, "agency": str(r.agency), "also": [str(a) for a in r.second], "profile": r.profile, "rules": list(r.rules),
                    "basis": [b.model_dump() for b in r.basis], "waits_for_consent": r.consent, "waits_for_release": r.after_release,
                    "due": {c.name: local(c.due_at) for c in clocks(r, found, moment)},
                } for r in found.recipients],
            })  # fmt: skip
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
    for tried in answer["tried"]:
        why = "" if tried["matched"] else f"  ({tried['field']} = {tried['found']}, expected {tried['wanted']})"
        lines.append(f"  {'✓' if tried['matched'] else '✗'} {tried['rule']}{why}")
    if answer["fallback"]:
        lines.append("  没有规则匹配，归兜底单位 · no row matched: the fallback owner")
    if answer["no_referral"]:
        lines.append(f"  {answer['no_referral']['zh']} {answer['no_referral']['en']}")
    for r in answer["recipients"]:
        law = ", ".join(f"{b['source']} {b['clause']} ({b['label']})" for b in r["basis"])
        due = "  ".join(f"{name} {at[:16]}" for name, at in r["due"].items())
        lines += [
            f"  → {r['role']:8}{r['agency']}{' + ' + ', '.join(r['also']) if r['also'] else ''}  {r['profile']}",
            f"      {due}",
            f"      {law}",
        ]
    return lines
