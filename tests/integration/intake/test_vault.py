"""The vault: one child, one pseudonym; the identity lies sealed and is given to nobody."""

import asyncio
from typing import Any

import httpx
import pytest

from events.codec import STRUCTURED
from services.account.trace import trace
from services.chassis.context import Context
from services.chassis.seal import KeyMissing, check_keys, load_seal
from tests.integration.intake.conftest import make_event

CHILD = {
    "document_kind": "resident_id",
    "document_number": "220122201705013414",
    "name": "王小明",
    "birth_date": "2017-05-01",
}
PATH = "/api/v1/children"


async def ref(http: httpx.AsyncClient, headers: dict[str, str], **changes: Any) -> str:
    answer = await http.post(PATH, json=CHILD | changes, headers=headers)
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["child_ref"]
    return str(answer.json()["child_ref"])


async def test_a_known_child_has_the_same_pseudonym_for_every_source(http: httpx.AsyncClient, callers: Any) -> None:
    first = await ref(http, callers.hospital)
    assert first.startswith("c_")
    assert await ref(http, callers.sample, document_number="220122 20170501 3414", name="王 小明") == first
    assert await ref(http, callers.hospital, document_kind="passport", document_number="E12345678") != first


async def test_two_who_ask_at_once_get_one_answer(context: Context, http: httpx.AsyncClient, callers: Any) -> None:
    assert len(set(await asyncio.gather(*(ref(http, callers.hospital) for _ in range(6))))) == 1
    assert await context.pool.fetchval("select count(*) from intake.child") == 1


async def test_without_documents_two_sources_do_not_make_one_child_of_two(
    http: httpx.AsyncClient, callers: Any
) -> None:
    nothing = {"document_kind": "none", "document_number": None}
    here = await ref(http, callers.hospital, **nothing)
    assert await ref(http, callers.hospital, **nothing) == here
    assert await ref(http, callers.sample, **nothing) != here


async def test_the_identity_lies_sealed(context: Context, http: httpx.AsyncClient, callers: Any) -> None:
    child_ref = await ref(http, callers.hospital)
    row = await context.pool.fetchrow("select * from intake.child")
    assert all(word.encode() not in row["sealed"] for word in (CHILD["document_number"], CHILD["name"]))
    assert CHILD["name"].encode() in context.seal.open(row["sealed"], f"intake.child|{child_ref}")


async def test_the_pseudonym_cannot_be_had_from_the_number_without_the_key(
    context: Context, http: httpx.AsyncClient, callers: Any, tmp_path: Any
) -> None:
    first = await ref(http, callers.hospital)
    await context.pool.execute("delete from intake.child")
    context.seal = load_seal(tmp_path / "another installation")
    assert await ref(http, callers.hospital) != first


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"document_number": "220122201705013415"}, "document_number", "check_character"),
        ({"document_number": "22012220170501341"}, "document_number", "format"),
        ({"birth_date": "2017-05-02"}, "birth_date", "differs"),
        ({"document_kind": "driving_licence"}, "document_kind", "one_of"),
        ({"extra": "x"}, "extra", "unknown_field"),
        ({"name": ""}, "name", "length"),
        ({"birth_date": "tomorrow"}, "birth_date", "date"),
    ],
)
async def test_an_unbelievable_identity_is_refused_by_field_and_rule(
    context: Context, http: httpx.AsyncClient, callers: Any, changes: dict[str, str], field: str, rule: str
) -> None:
    answer = await http.post(PATH, json=CHILD | changes, headers=callers.hospital)
    assert answer.status_code == 422
    assert (field, rule) in {(error["field"], error["rule"].partition("_from")[0]) for error in answer.json()["errors"]}
    assert CHILD["document_number"] not in answer.text
    assert await context.pool.fetchval("select count(*) from intake.child") == 0


async def test_the_loss_of_a_key_is_named_at_the_start(context: Context, http: httpx.AsyncClient, callers: Any) -> None:
    await check_keys(context.seal, context.pool)
    await ref(http, callers.hospital)
    keys = context.settings.directory / "keys"
    for kind in ("seal", "fingerprint"):
        (lost,) = keys.glob(f"{kind}-*.key")
        kept = lost.read_bytes()
        lost.unlink()
        with pytest.raises(KeyMissing, match=f"{kind} key [0-9a-f]{{8}}"):
            await check_keys(load_seal(context.settings.directory), context.pool)
        for other in keys.glob(f"{kind}-*.key"):
            other.unlink()
        lost.write_bytes(kept)
    await check_keys(load_seal(context.settings.directory), context.pool)


async def test_an_age_that_the_birth_date_on_file_contradicts_is_refused_and_nothing_of_it_is_said(
    context: Context, http: httpx.AsyncClient, callers: Any
) -> None:
    child_ref = await ref(http, callers.hospital)
    answer = await publish(http, callers.hospital, child_ref, "a1", age_years=12)
    assert answer.status_code == 422
    (told,) = answer.json()["results"]
    assert [(error["field"], error["rule"]) for error in told["errors"]] == [("data.age_years", "age_contradicts")]
    assert "2017" not in answer.text
    assert (await publish(http, callers.hospital, child_ref, "a1", age_years=9)).json()["results"][0][
        "status"
    ] == "accepted"


async def test_an_age_a_year_off_comes_in_and_its_flag_is_kept_for_the_trace(
    context: Context, http: httpx.AsyncClient, callers: Any
) -> None:
    child_ref = await ref(http, callers.hospital)
    answer = await publish(http, callers.hospital, child_ref, "a2", age_years=10, residence_code="150500")
    assert answer.json()["results"][0]["flags"] == ["age_a_year_off", "resides_outside"]
    told = await trace(context.pool, "a2", None, context.clock)
    assert told is not None
    assert told["event"]["flags"] == ["age_a_year_off", "resides_outside"]


async def test_an_identity_that_cannot_be_opened_keeps_no_alert_out(
    context: Context, http: httpx.AsyncClient, callers: Any
) -> None:
    child_ref = await ref(http, callers.hospital)
    await context.pool.execute("update intake.child set sealed = sealed || 'x'::bytea")
    assert (await publish(http, callers.hospital, child_ref, "a3", age_years=17)).status_code == 202


async def publish(
    http: httpx.AsyncClient, headers: dict[str, str], child_ref: str, event_id: str, **data: Any
) -> httpx.Response:
    event = make_event(id=event_id, data={"child_ref": child_ref, **data})
    return await http.post("/api/v1/events", json=event, headers=headers | {"content-type": STRUCTURED})
