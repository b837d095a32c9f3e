"""The door to the law for whoever is signed in: read alone, in the edition that is in force today."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from services.access.callers import Caller, caller_from_request, require
from services.access.problems import not_found
from services.chassis.context import Context
from services.law.calendar import local_day
from services.referral import editions
from services.referral.activation import in_force
from services.referral.law_represent import index_out, law_of_type, source_out
from services.referral.laws import laws_of
from services.referral.rules import Rulebook


def law_routes(context: Context) -> APIRouter:
    """`/api/v1/law`, its event types and its sources."""
    routes = APIRouter(prefix="/law", tags=["rulebook"])
    caller = Depends(caller_from_request(context))

    @routes.get("")
    async def law(who: Annotated[Caller, caller]) -> dict[str, Any]:
        """The edition in force, the editions proposed, and every event type with the ids of its rules."""
        require(who, "officer", "operations")
        known = await editions.activations(context.pool)
        return index_out(await _book(), known, in_force(known, local_day(context.clock.now())))

    @routes.get("/types/{event}")
    async def of_type(event: str, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """Severity, rules, limits and clauses of an event type (its name without the version)."""
        require(who, "officer", "operations")
        return _or_404(law_of_type(await _book(), event))

    @routes.get("/sources/{source}")
    async def of_source(source: str, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """A law, policy or notice, and the rules that cite it."""
        require(who, "officer", "operations")
        return _or_404(source_out(await _book(), source))

    async def _book() -> Rulebook:
        laws, now = laws_of(context), context.clock.now()
        await laws.ready(context.pool, now)
        return laws.at(now).rulebook

    return routes


def _or_404(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        raise not_found()
    return found
