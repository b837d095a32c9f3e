"""The law as it is in force, to be read: rules by event type, their limits and clauses, and what each source is."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.access.problems import Problem
from services.chassis.context import Context
from services.console import law_words
from services.console.answers import PageRoute
from services.console.entry import visitor
from services.console.owner import api_address, ask
from services.console.store import in_path
from services.console.texts import LANGUAGES, Text, said_in, text_of
from services.console.visit import Visit, render


def law_pages(context: Context) -> APIRouter:
    """`/law`, `/law?q=`, `/law?type=`, `/law?source=`."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]

    @pages.get("/law")
    async def law(visit: Who, type: str = "", source: str = "", q: str = "") -> Response:
        """Everything by event type; one type whole; or one law with the rules that cite it."""
        if type:
            body = await _read(visit, f"/types/{in_path(type)}")
            return render(
                visit,
                "law_type.html",
                law=body,
                name=type_name(body["type"], visit.text),
                words=law_words,
                said=said_in,
            )
        if source:
            return render(
                visit, "law_source.html", source=await _read(visit, f"/sources/{in_path(source)}"), name=type_name
            )
        body, query = await _read(visit, ""), q.strip()[:100]
        found = [each for each in body["types"] if fits(each, query)]
        return render(visit, "law.html", law=body, types=found, query=query, name=type_name)

    async def _read(visit: Visit, path: str) -> dict[str, Any]:
        answer = await ask(visit.request, "GET", f"/api/v1/law{path}", api=api_address(context))
        if not answer.ok:
            raise Problem(answer.status, "Not shown")
        return answer.body

    return pages


def type_name(event: str, text: Text) -> str:
    """What an event type is called here: a sealed matter by its own name, for the law is no secret; an occasion that is no event, too."""
    if event == "*":
        return text("law.every")
    return text.groups["law_event"].get(event) or text.label("event", f"{event}.v1")


def fits(each: Mapping[str, Any], query: str) -> bool:
    """Whether what somebody typed stands in the type's name in either language, in its code or in the id of one of its rules."""
    wanted = query.casefold()
    names = (type_name(each["type"], text_of(lang)) for lang in LANGUAGES)
    return not wanted or any(wanted in word.casefold() for word in (each["type"], *names, *each["rules"]))
