"""The door to editions: which there are and which is in force when; propose, approve, withdraw. For operations alone."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.access.callers import Caller, caller_from_request, require
from services.access.problems import Problem
from services.chassis.context import Context
from services.chassis.work import transaction
from services.referral import editions
from services.referral.activation import NotAllowed, Person


class ActivationBody(BaseModel):
    """Which edition shall hold from the beginning of which day in Jilin."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    edition: Annotated[str, Field(min_length=1, max_length=100)]
    from_date: date = Field(alias="from")


def rulebook_routes(context: Context) -> APIRouter:
    """`/api/v1/rulebook/…`."""
    routes = APIRouter(prefix="/rulebook", tags=["rulebook"])
    caller = Depends(caller_from_request(context))

    @routes.get("/editions")
    async def list_editions(who: Annotated[Caller, caller]) -> dict[str, Any]:
        """Every edition that was loaded, every activation, and which edition is in force today (null: that of the installation)."""
        require(who, "operations")
        async with context.pool.acquire() as db:
            return await editions.listed(db, context.clock.now())

    @routes.post("/activations")
    async def activate(body: ActivationBody, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """Propose an edition; the same request of a second person approves it. 409 says why it is not allowed."""
        require(who, "operations")
        try:
            async with transaction(context, "referral") as work:
                step = await editions.activate(work.db, body.edition, body.from_date, _person(who), work.now)
        except NotAllowed as refusal:
            raise Problem(409, "Not allowed now", str(refusal)) from None
        return {"edition": body.edition, "from": body.from_date.isoformat(), "state": f"{step}d"}

    @routes.post("/withdrawals")
    async def withdraw(body: ActivationBody, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """Take back an activation whose day has not begun. 409 says why it is not allowed."""
        require(who, "operations")
        try:
            async with transaction(context, "referral") as work:
                await editions.withdraw(work.db, body.edition, body.from_date, _person(who), work.now)
        except NotAllowed as refusal:
            raise Problem(409, "Not allowed now", str(refusal)) from None
        return {"edition": body.edition, "from": body.from_date.isoformat(), "state": "withdrawn"}

    return routes


def _person(who: Caller) -> Person:
    return Person(who.id, who.name, who.person_id)
