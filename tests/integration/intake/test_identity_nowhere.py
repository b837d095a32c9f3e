"""An ID number or a telephone number, posted in every place of a request, is found nowhere afterwards."""

import json
import logging
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis.context import Context

ID_NUMBER = "220122201705013414"
MOBILE = "13943112345"


def places(event: Any, number: str) -> list[Any]:
    return [
        event(id=number),
        event(id=f"x-{number}"),
        event(source=f"/hospital/220122/{number}"),
        event(type=f"abuse.{number}.v1"),
        event(subject=number),
        event(time=number),
        event(specversion=number),
        event(dataschema=f"https://example.org/{number}"),
        event(correlationid=number),
        event(traceparent=number),
        event(exercise=number),
        event(dataclassification=number),
        event(**{number: "x"}),
        event(anextension=number),
        event(data={number: 1}),
        event(data={"suspect_relation": number}),
        # A mobile number is looked for as a whole token only: codes of the contracts are exempt.
        *([event(data={"child_ref": f"c_{number}"})] if number == ID_NUMBER else []),
        event(data={"residence_code": number}),
        event(data={"age_years": int(number)}),
        event(data={"occurred_at": number}),
        event(data={"reporter": {"ref": number}}),
        event(data={"reporter": {number: "x"}}),
        event(data={"evidence_refs": [number]}),
        event(data={"child_categories": [number]}),
        event(data={"legal_basis": [{"deep": [number]}]}),
        event() | {"data": [number]},
        event() | {"data": number},
        event() | {"data_base64": number},
        number,
        [number],
        {number: number},
    ]


async def everything_kept(context: Context) -> str:
    """Every row of every table, as text."""
    tables = await context.pool.fetch(
        "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    )
    texts = []
    for schema, table in tables:
        rows = await context.pool.fetch(f'select t::text from "{schema}"."{table}" t')
        binary = await context.pool.fetch(
            "select column_name from information_schema.columns where (table_schema, table_name, data_type)"
            " = ($1, $2, 'bytea')", schema, table,
        )  # fmt: skip
        texts += [row[0] for row in rows]
        for (column,) in binary:
            raw = await context.pool.fetch(f'select "{column}" from "{schema}"."{table}"')
            texts += [row[0].decode("latin-1") for row in raw if row[0] is not None]
    return "\n".join(texts)


@pytest.mark.parametrize("number", [ID_NUMBER, MOBILE])
async def test_a_personal_number_is_refused_wherever_it_stands_and_kept_nowhere(
    context: Context, http: httpx.AsyncClient, callers: Any, event: Any, caplog: pytest.LogCaptureFixture,
    spans: InMemorySpanExporter, number: str,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the test's own client tells what it asks for
    answers = []
    for what in places(event, number):
        for kind, body in (("cloudevents+json", what), ("cloudevents-batch+json", [what])):
            answers.append(
                await http.post(
                    "/api/v1/events", content=json.dumps(body),
                    headers={"Content-Type": f"application/{kind}", **callers.hospital},
                )
            )  # fmt: skip
    assert {answer.status_code for answer in answers} <= {400, 403, 422}
    answers += await beside_the_event(http, callers, event, number)
    for answer in answers:
        assert number not in answer.text
        assert number not in str(answer.headers)
    assert number not in caplog.text
    assert number not in await everything_kept(context)  # what waits for Kafka lies in chassis.outbox, byte for byte
    finished = spans.get_finished_spans()
    assert finished  # an accepted event has one, so spans are looked at at all
    assert number not in "".join(span.to_json() for span in finished)


async def beside_the_event(http: httpx.AsyncClient, callers: Any, event: Any, number: str) -> list[httpx.Response]:
    """The same number in query, path, headers that are no part of the event, the token, and the vault's own door."""
    binary = {f"ce-{n}": str(v) for n, v in event().items() if n not in ("data", "datacontenttype")}
    binary |= {"Content-Type": "application/json", **callers.hospital}
    data, structured = json.dumps(event()["data"]), {"Content-Type": "application/cloudevents+json", **callers.hospital}
    trace = {"tracestate": number, "x-request-id": number}
    if number == ID_NUMBER:
        trace["traceparent"] = f"00-{number:a>32}-{'b' * 16}-01"
    events, children = "/api/v1/events", "/api/v1/children"
    return [
        await http.post(f"{events}?source={number}", json=event(id="q1"), headers=structured),
        await http.post(events, json=event(id="q2"), headers=structured | trace),
        await http.post(events, content=data, headers=binary | {"ce-id": number}),
        await http.post(events, content=data, headers=binary | {f"ce-{number}": "x"}),
        await http.post(events, content=data, headers=binary | {"Content-Type": f"text/{number}"}),
        await http.post(f"/api/v1/{number}", headers=structured),
        await http.post(events, json=event(), headers={**structured, "Authorization": f"Bearer {number}"}),
        await http.post(events, json=event(), headers={"Cookie": f"shouhu_session={number}"}),
        await http.post(children, json=child(number, birth_date="2017-05-02"), headers=callers.hospital),
        await http.post(children, json=child(number, name=number), headers=callers.hospital),
        await http.post(children, json=child(number, birth_date=number), headers=callers.hospital),
        await http.post(children, json=child(number, document_kind=number), headers=callers.hospital),
        await http.post(children, json=child(number) | {number: number}, headers=callers.hospital),
        await http.post(children, content=number.encode() + b"{", headers=callers.hospital),
    ]


def child(number: str, **changes: str) -> dict[str, str]:
    return {
        "document_kind": "resident_id", "document_number": number, "name": "王小明", "birth_date": "2017-05-01",
    } | changes  # fmt: skip


async def test_this_test_can_see_what_is_kept(context: Context, post: Any, event: Any) -> None:
    await post(event(id="a-visible-id"))
    assert "a-visible-id" in await everything_kept(context)
    await context.pool.execute("insert into intake.event_key values ('s', 'i', $1)", ID_NUMBER.encode())
    assert ID_NUMBER in await everything_kept(context)
