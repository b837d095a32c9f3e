"""What a source is answered, and what is then in the database."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.chassis.context import Context


def statuses(response: httpx.Response) -> list[str]:
    return [result["status"] for result in response.json()["results"]]


def rules(response: httpx.Response) -> set[str]:
    return {error["rule"] for result in response.json()["results"] for error in result["errors"]}


async def test_an_accepted_event_is_kept_and_published(context: Context, post: Any, event: Any) -> None:
    answer = await post(event())
    assert answer.status_code == 202, answer.text
    assert answer.json() == {
        "results": [{"source": "/hospital/220122/h1", "id": "a1", "status": "accepted", "errors": []}]
    }
    kept = await context.pool.fetchrow("select * from intake.event_view")
    assert (kept["source"], kept["id"], kept["via"], kept["registered"]) == ("/hospital/220122/h1", "a1", "http", "h1")
    assert kept["data"]["residence_code"] == "220122100"
    sent = await context.pool.fetchrow("select topic, key, headers, value from chassis.outbox")
    assert (sent["topic"], sent["key"]) == ("child-events", b"c_8h2k")
    headers = dict(sent["headers"])
    assert headers["ce_acceptedtime"] == kept["accepted_at"].isoformat().replace("+00:00", "Z")
    assert json.loads(sent["value"]) == kept["data"]


async def test_the_trace_of_the_source_goes_on(context: Context, post: Any, event: Any) -> None:
    await post(event(traceparent=f"00-{'a1' * 16}-{'b2' * 8}-01"))
    kept = await context.pool.fetchval("select traceparent from intake.event_view")
    assert kept.split("-")[1] == "a1" * 16


async def test_the_same_event_again_is_a_duplicate_in_every_binding(
    context: Context, http: httpx.AsyncClient, callers: Any, post: Any, event: Any
) -> None:
    whole = event()
    assert statuses(await post(whole)) == ["accepted"]
    assert statuses(await post(whole)) == ["duplicate"]
    assert statuses(await post([whole, whole])) == ["duplicate", "duplicate"]
    binary = {f"ce-{name}": str(value) for name, value in whole.items() if name not in ("data", "datacontenttype")}
    binary |= {"Content-Type": "application/json", "ce-time": "2026-10-02T12:10:00Z"}
    shuffled = json.dumps(dict(reversed(whole["data"].items())), indent=3)
    answer = await http.post("/api/v1/events", content=shuffled, headers=binary | callers.hospital)
    assert statuses(answer) == ["duplicate"], answer.text
    assert await context.pool.fetchval("select count(*) from intake.event") == 1
    assert await context.pool.fetchval("select count(*) from chassis.outbox") == 1
    assert await context.pool.fetchval("select duplicates from intake.tally_view") == 4


async def test_an_id_used_for_other_content_is_refused_and_not_called_a_duplicate(post: Any, event: Any) -> None:
    await post(event())
    answer = await post(event(data={"age_years": 10}))
    assert answer.status_code == 422
    assert rules(answer) == {"id_reused"}
    within = await post([event(id="b1"), event(id="b1", data={"age_years": 3}), event(id="b1")])
    assert statuses(within) == ["accepted", "refused", "duplicate"]


async def test_a_refused_event_does_not_occupy_its_id(context: Context, post: Any, event: Any) -> None:
    assert (await post(event(data={"confidence": "perhaps"}))).status_code == 422
    assert await context.pool.fetchval("select refused from intake.tally_view") == 1
    assert statuses(await post(event())) == ["accepted"]


async def test_in_a_batch_each_event_has_its_own_result(post: Any, event: Any) -> None:
    batch = [event(id="1"), event(id="2", data={"unheard_of": 1}), event(id="3", source="/police/220122/p1"), 7]
    answer = await post(batch)
    assert answer.status_code == 202
    assert statuses(answer) == ["accepted", "refused", "refused", "refused"]
    assert rules(answer) >= {"source_not_yours"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"time": "2099-01-01T00:00:00Z"}, "in_the_future"),
        ({"data": {"residence_code": "229999"}}, "area_unknown"),
        ({"type": "child.missing.v1"}, "type_not_allowed"),
    ],
)
async def test_a_refusal_names_field_rule_and_what_was_expected(
    post: Any, event: Any, changes: dict[str, Any], rule: str
) -> None:
    answer = await post(event(**changes))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    errors = answer.json()["results"][0]["errors"]
    assert rule in {error["rule"] for error in errors}
    assert all(error["field"] and error["expected"] for error in errors)


async def test_a_child_who_lives_in_another_province_is_taken(post: Any, event: Any) -> None:
    assert statuses(await post(event(data={"residence_code": "110101", "hukou_code": "220122"}))) == ["accepted"]


@pytest.mark.parametrize("source", ["/hospital/220122/h2", "/police/220122/p1", "/shouhu/220000/tracker"])
async def test_events_of_another_source_are_forbidden(post: Any, event: Any, source: str) -> None:
    one, batch = await post(event(source=source)), await post([event(id="1", source=source)])
    assert (one.status_code, batch.status_code) == (403, 403)
    assert rules(one) == {"source_not_yours"}


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/cloudevents+json", b"{", 400),
        ("application/cloudevents-batch+json", b"{}", 400),
        ("application/cloudevents-batch+json", b"[]", 400),
        ("text/plain", b"hello", 415),
        ("application/cloudevents+xml", b"<a/>", 415),
        ("application/cloudevents+json", b" " * (1024 * 1024 + 1), 413),
        ("application/cloudevents+json", b"[" * 5000 + b"]" * 5000, 400),
    ],
)
async def test_what_is_no_event_is_told_so(
    http: httpx.AsyncClient, callers: Any, content_type: str, body: bytes, status: int
) -> None:
    answer = await http.post("/api/v1/events", content=body, headers={"Content-Type": content_type, **callers.hospital})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_every_answer_has_the_security_headers(post: Any, event: Any) -> None:
    answer = await post(event())
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_t_is_given_by_the_door_and_not_by_the_source(
    context: Context, post: Any, event: Callable[..., dict[str, Any]]
) -> None:
    await post(event(acceptedtime="2020-01-01T00:00:00Z"))
    assert (await context.pool.fetchval("select accepted_at from intake.event_view")).year > 2020
