"""One referral, for the officer's phone: what, by when, the facts that the role may see, why, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.access.problems import Problem, not_found
from services.chassis.context import Context
from services.console import store
from services.console.answers import PageRoute
from services.console.disclosure import facts, reporter
from services.console.entry import visitor
from services.console.forms import action_forms, data_of
from services.console.items import items_of
from services.console.lines import Line, line_of
from services.console.moments import when
from services.console.narrative import refusal, said
from services.console.owner import Answer, api_address, ask
from services.console.texts import Text, said_in
from services.console.told import messages_of
from services.console.visit import Visit, render
from services.console.waiting import clock_lines


@dataclass(frozen=True, slots=True)
class Notice:
    """What the page says about the answer just given: `tone` is good or bad."""

    tone: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that was not recorded: of which action, what was sent, what is wrong at which field."""

    action: str
    given: Mapping[str, str]
    faults: Mapping[str, str]


def referral_pages(context: Context) -> APIRouter:
    """`/r/{number}` and its answers."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]

    @pages.get("/r/{number}")
    async def referral(visit: Who, number: str, did: str = "") -> Response:
        """The page; `did` is the action just recorded."""
        row, current = await read_referral(context, visit, number)
        item = line_of(row, visit.now)
        notice = (
            Notice("good", (_next_step(visit.text, did, item, visit.now),)) if visit.text.named("action", did) else None
        )
        return await _page(context, visit, row, current, notice)

    @pages.post("/r/{number}/{action}")
    async def act(request: Request, visit: Who, number: str, action: str) -> Response:
        """Pass an answer on to the owner, and say what came of it."""
        row, _ = await read_referral(context, visit, number)
        fields = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        if not visit.text.named("action", action) or not fields.get("version", "").isdigit():
            raise Problem(422, "Request not valid")
        answer = await ask(
            request, "POST", f"/api/v1/referrals/{row['id']}/actions/{action}", api=api_address(context), csrf=visit.csrf,
            json={"version": int(fields["version"]), "request_id": fields.get("request_id", ""), "data": data_of(fields)},
        )  # fmt: skip
        if answer.ok:
            return RedirectResponse(f"/r/{number}?did={action}", 303)
        if answer.status not in (403, 409, 422):
            raise Problem(answer.status, "Refused")
        row, current = await read_referral(context, visit, number)
        notice, refused = _not_recorded(visit, answer, action, fields, line_of(row, visit.now))
        return await _page(context, visit, row, current, notice, refused, answer.status)

    return pages


async def read_referral(context: Context, visit: Visit, number: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The referral's row and what its owner says of it to this visitor; 404 when it is another's."""
    async with context.pool.acquire() as db:
        row = await store.by_number(db, number.upper())
        if row is None:
            raise not_found()
    answer = await ask(visit.request, "GET", f"/api/v1/referrals/{row['id']}", api=api_address(context))
    if not answer.ok:
        raise Problem(answer.status, "Not shown")
    return row, answer.body


async def _page(
    context: Context, visit: Visit, row: Mapping[str, Any], current: Mapping[str, Any], notice: Notice | None,
    refused: Refused | None = None, status: int = 200,
) -> Response:  # fmt: skip
    async with context.pool.acquire() as db:
        event = await store.event_data(db, row["event_source"], row["event_id"])
        log = await store.history(db, str(row["id"]))
        told = await messages_of(db, str(row["id"]), visit.text) if visit.operations else None
    item = line_of(row, visit.now, event["type"] if event else "")
    assert visit.caller is not None
    main, others = action_forms(
        current.get("allowed_actions") or (), visit.text, owed=item.due.name if item.due else "",
        seed=f"{visit.caller.id}|{item.id}|{item.version}", now=visit.now,
        given=refused.given if refused else None, faults=refused.faults if refused else None,
        faulty=refused.action if refused else "",
    )  # fmt: skip
    shown = (
        () if visit.operations or event is None else facts(item.role, row["kind"], row["classification"], event["data"])
    )
    history = [
        {"at": entry["at"], "said": said(entry["what"], {**entry["ids"], **entry["detail"]}, visit.text)}
        for entry in log
    ]
    if status == 409 and notice is not None and history:
        last = visit.text(
            "referral.stale_by", what=history[-1]["said"], when=when(history[-1]["at"], visit.now, visit.text)
        )
        notice = Notice(notice.tone, (*notice.sentences, last))
    return render(
        visit, "referral.html", status=status, item=item, main=main, others=others, facts=shown, notice=notice,
        basis=current.get("basis") or (), history=history, asked=said_in(current.get("required_action"), visit.text),
        redirecting=bool(current.get("redirecting_to")), clocks=clock_lines(current.get("clocks") or (), visit.now),
        profile_use=said_in(current.get("profile_use"), visit.text), told=told,
        items=() if item.sealed or item.role == "cc" or visit.operations else items_of(current, visit.text),
        consent_pending=current.get("consent_pending") is True,
        reporter=reporter(item.role, row["kind"], row["classification"], row["event_source"], visit.text.lang),
        rules_address=_rules_address(item, current, visit),
    )  # fmt: skip


def _next_step(text: Text, action: str, item: Line, now: datetime) -> str:
    name = text.label("action", action)
    if item.due is None:
        return text("referral.done", action=name)
    deadline = text("time.by", when=when(item.due.due_at, now, text))
    return text("referral.done_next", action=name, step=text.clock(item.due.name), when=deadline)


def _not_recorded(
    visit: Visit, answer: Answer, action: str, fields: Mapping[str, str], now_is: Line
) -> tuple[Notice, Refused | None]:
    text = visit.text
    stale = answer.body.get("current", {}).get("version") != int(fields["version"])
    if answer.status == 409 and stale:
        state = text("referral.stale_now", state=text.label("state", now_is.state))
        return Notice("bad", (text("referral.stale"), state)), None
    faults = {}
    for error in answer.body.get("errors") or ():
        field = str(error.get("field", "")).removeprefix("data.")
        faults[field] = _fault(error, field, text)
    shown = {field: fault for field, fault in faults.items() if text.named("need", field)}
    unplaced = tuple(fault for field, fault in faults.items() if field not in shown)
    detail = answer.body.get("detail") or answer.body.get("title") or ""
    sentences = (text("referral.missing"),) if shown else (text("referral.refused", reason=refusal(detail, text)),)
    return Notice("bad", (*sentences, *unplaced)), Refused(action, fields, shown)


def _fault(error: Mapping[str, Any], field: str, text: Text) -> str:
    if error.get("rule") in ("missing", "required"):
        return text("need.missing")
    known = f"expect_{field}"
    expected = text(f"need.{known}") if text.named("need", known) else str(error.get("expected", ""))
    return text("need.wrong", expected=expected)


def _rules_address(item: Line, current: Mapping[str, Any], visit: Visit) -> str:
    """The way to the rules of the event; only for whoever learns here what the event was."""
    if item.category[0] != "event" and not visit.operations:
        return ""
    event = str((current.get("event") or {}).get("type") or "").rpartition(".")[0]
    return f"/law?{urlencode({'type': event})}" if event else ""
