"""What one's posts owe by law and policy without a referral (obligations, T01–T37): a list, one of them, and saying that it was done."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from events.agency import Agency
from services.access.problems import Problem
from services.chassis.clock import SHANGHAI
from services.chassis.context import Context
from services.console.answers import PageRoute
from services.console.entry import visitor
from services.console.narrative import refusal
from services.console.owner import api_address, ask
from services.console.store import in_path
from services.console.texts import Text, said_in
from services.console.visit import Visit, render

PAGE = 50
SHOWN = ("owed", "overdue", "all")


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation as a page shows it. `label`: what its last day rests on; `legal_label`: what the clause's own day rests on."""

    id: str
    number: str
    code: str
    title: str
    agency: Agency
    to_role: str
    child: str
    state: str
    due_on: date
    due_at: datetime
    legal_due_on: date | None
    label: str
    legal_label: str
    provisional: bool
    may_complete: bool
    late: bool
    moved: Mapping[str, date]  # from which day to which the published holidays moved it; empty when they did not
    basis: tuple[Mapping[str, Any], ...]


def duties_pages(context: Context) -> APIRouter:
    """`/duties`, `/duties/{number}` and its completion."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]

    @pages.get("/duties")
    async def duties(visit: Who, show: str = "owed", cursor: str = "") -> Response:
        """What is owed, the first due first, so that what is late stands on top; `show=all` also what is over."""
        which = show if show in SHOWN else "owed"
        asked = {"limit": str(PAGE), **({"cursor": cursor} if cursor else {})}
        asked |= {"owed": {"owed": "true"}, "overdue": {"state": "overdue"}, "all": {}}[which]
        body = await _read(visit, "/api/v1/obligations", asked)
        following = urlencode({"show": which, "cursor": body["next"]}) if body.get("next") else ""
        found = [duty_of(each, visit.now, visit.text) for each in body["items"]]
        return render(visit, "duties.html", duties=found, which=which, following=following, first=not cursor)

    @pages.get("/duties/{number}")
    async def one(visit: Who, number: str, did: str = "") -> Response:
        """One of them."""
        return _page(
            visit, await _one(visit, number), "good" if did else "", visit.text("duties.completed") if did else ""
        )

    @pages.post("/duties/{number}/complete")
    async def complete(
        request: Request, visit: Who, number: str, request_id: Annotated[str, Form(max_length=100)] = "",
        text: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:  # fmt: skip
        """Say that it was done; the same press twice counts once."""
        body = {"request_id": request_id, "text": text.strip()}
        answer = await ask(
            request,
            "POST",
            f"/api/v1/obligations/{in_path(number)}/complete",
            api=api_address(context),
            csrf=visit.csrf,
            json=body,
        )
        if answer.ok:
            return RedirectResponse(f"/duties/{in_path(number)}?did=complete", 303)
        if answer.status not in (403, 409, 422):
            raise Problem(answer.status, "Refused")
        if answer.status == 422:
            said = visit.text("referral.missing")
        else:
            missing = [_list_name(each, visit.text) for each in answer.body.get("errors") or ()]
            reason = refusal(str(answer.body.get("detail") or answer.body.get("title") or ""), visit.text)
            said = " ".join([visit.text("referral.refused", reason=reason), *missing])
        return _page(visit, await _one(visit, number), "bad", said, answer.status, text)

    async def _read(visit: Visit, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        answer = await ask(visit.request, "GET", path, api=api_address(context), params=params)
        if not answer.ok:
            raise Problem(answer.status, "Not shown")
        return answer.body

    async def _one(visit: Visit, number: str) -> Duty:
        body = await _read(
            visit, f"/api/v1/obligations/{in_path(number.upper() if number.upper().startswith('V') else number)}"
        )
        return duty_of(body, visit.now, visit.text)

    return pages


def duty_of(each: Mapping[str, Any], now: datetime, text: Text) -> Duty:
    """The obligation in an answer of the API. Pure."""
    agency, due_at = each["agency"], datetime.fromisoformat(each["due_at"])
    basis = tuple(each.get("basis") or ())
    labels = [str(cited["label"]) for cited in basis]
    legal = each.get("legal_due_on")
    return Duty(
        id=each["id"], number=each["number"], code=each["code"], title=said_in(each.get("title"), text) or each["code"],
        agency=Agency(agency["kind"], agency["level"], agency["area"]), to_role=each["to_role"], child=each.get("child") or "",
        state=each["state"], due_on=date.fromisoformat(each["due_on"]), due_at=due_at,
        legal_due_on=date.fromisoformat(legal) if legal else None, label=weakest(labels),
        legal_label=next((label for label in ("law", "policy") if label in labels), "unverified"), provisional=bool(each.get("provisional")),
        may_complete=bool(each.get("may_complete")), late=each["state"] != "done" and due_at <= now,
        moved={name: date.fromisoformat(day) for name, day in (each.get("moved") or {}).items()}, basis=basis,
    )  # fmt: skip


def weakest(labels: list[str]) -> str:
    """What a figure may be shown as when several clauses stand behind it: never more than the least of them."""
    return next((label for label in ("unverified", "default", "policy", "law") if label in labels), "default")


def _page(visit: Visit, duty: Duty, tone: str, said: str, status: int = 200, written: str = "") -> Response:
    assert visit.caller is not None
    seed = f"{visit.caller.id}|{duty.id}|{visit.now.isoformat()}"
    request_id = hashlib.sha256(seed.encode()).hexdigest()[:32]
    today = visit.now.astimezone(SHANGHAI).date()
    return render(
        visit,
        "duties_one.html",
        status=status,
        duty=duty,
        tone=tone,
        said=said,
        request_id=request_id,
        written=written,
        today=today,
    )


def _list_name(error: Mapping[str, Any], text: Text) -> str:
    return text.label("base_list", str(error.get("field", "")).removeprefix("base_lists."))
