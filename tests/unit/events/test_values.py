"""What a field of each family takes, and what it refuses: the value sets of the domain analysis, section 1, notes."""

from typing import Any

import pytest

from events.catalogue import CATALOGUE, check, parse
from events.envelope import Event
from events.online import CONTENT_CLASSES, OnlineHarmfulContentFound, content_class

BASE: dict[str, Any] = {"confidence": "suspected", "occurred_at": "2026-10-02T19:50:00+08:00"}
NOTHING = {
    "livelihood": "nothing",
    "guardianship": "nothing",
    "health_schooling": "nothing",
    "care_services": "nothing",
}


def event(name: str, source: str = "/civil_affairs/220122/b1", **data: Any) -> Event:
    child = {"child_ref": "c_1"} if CATALOGUE[f"{name}.v1"].ABOUT_CHILD else {}
    return Event(id="a1", source=source, type=f"{name}.v1", data={**BASE, **child, **data})


def faults(name: str, **data: Any) -> dict[str, str]:
    return {fault.field: fault.rule for fault in check(event(name, **data))}


ACCEPTED = [
    ("guardian.rights.revoked", {"new_guardian": True}),
    ("guardian.rights.revoked", {"new_guardian": "G-1"}),
    ("guardian.severely_disabled", {"category": "visual", "grade": 1, "effective_date": "2026-12-01"}),
    ("injury.accidental.suspected", {"cause": "drowning", "severity": "life_threatening"}),
    ("child.self_harm.risk", {"act_or_ideation": "ideation"}),
    ("child.private_custody.found", {"infants": True, "child_count": 3}),
    ("child.private_custody.found", {"infants": 2, "child_known": None}),
    ("child.disability.suspected", {"screen_type": "PKU", "newborn": True}),
    ("child.behaviour.misconduct", {"class": "严重不良"}),
    ("child.behaviour.misconduct", {"class": "serious_misconduct"}),
    ("child.distressed.identified", {"class": "guardianship", "matched_facts": ["single_parent"]}),
    ("benefit.application.filed", {"cross_region": "cross-province", "accepted_at": "2026-10-02"}),
    ("benefit.decided", {"result": "granted", "effective_month": "2026-11"}),
    ("benefit.unmet_after_policy", {"needs": ["education", "health"]}),
    ("benefit.unmet_after_policy", {"needs": "education"}),
    ("service.match.found", {"list_items": [1, 6, "P10"], "digest_items": [22], "consent_pending": ["P15"]}),
    ("legal_aid.need", {"case_kind": "criminal_victim"}),
    ("care.delegation.improper", {"ground": "parenting_method", "talks_done": 2}),
    ("visit.completed", {"rating": "key_care", "findings": NOTHING | {"guardianship": ["alone_at_night", "no_meals"]}}),
    ("visit.completed", {"rating": "good", "child_seen": True}),
    ("risk.rating.changed", {"from": "fair", "to": "harm", "immediate_danger": True}),
    ("online.harmful_content.found", {"class": "谣言线索", "illegal": True, "campus": False}),
    ("online.harmful_content.found", {"class": "rumour"}),
    ("opinion.alert", {"topic_hash": "t:1", "child_ref": "c_1"}),
    ("hotline.lead.received", {"channel": "12345", "class": "domestic_violence", "estimated_age": 6, "ongoing": True}),
    ("hotline.lead.received", {"class": "living_alone", "since": "2026-10-01T08:00:00+08:00", "heating_ok": False}),
    ("court.protection_order.issued", {"issued_at": "2026-10-03T19:00:00+08:00", "valid_until": "2027-04-03"}),
    ("order.family_education.issued", {"issuer": "court", "term": 6}),
    ("order.family_education.issued", {"issuer": "court", "term": "6_months"}),
    ("suggestion.issued", {"addressee_org": "/education/220122/e1"}),
    ("placement.temporary.started", {"ground": "92(6)", "facility_ref": "F-1"}),
    ("placement.temporary.started", {"ground": 6}),
    ("placement.longterm.started", {"ground": "94(1)", "form": "family_foster"}),
    ("police.case.accepted", {"case_ref": "K-1", "at": "2026-10-02T21:40:00+08:00"}),
    ("timer.obligation.overdue", {"obligation_code": "T05", "period": "2026-H1",
                                  "owner": {"kind": "civil_affairs", "level": "county", "area": "220122"}}),
    ("risk.aggregate.raised", {"contributing_events": ["s1", "s2", "9f8b7c6d-0001"]}),
    ("data.list.delivered", {"list_kind": "health_0_6", "record_count": 0}),
    ("site.safety_hazard.found", {"site_kind": "water", "hazard": "water"}),
    ("transport.need", {"need": "route", "school_ref": "/school/220322/s1"}),
    ("info.query.answered", {"subject": "deported", "asked_by": "family", "result_class": "hit"}),
]  # fmt: skip

REFUSED = [
    ("guardian.rights.revoked", {"new_guardian": 1}, {"data.new_guardian": "type"}),
    ("guardian.severely_disabled", {"grade": 5}, {"data.grade": "range"}),
    ("guardian.severely_disabled", {"grade": True}, {"data.grade": "type"}),
    ("guardian.compulsory_detox", {"term_months": "24"}, {"data.term_months": "type"}),
    ("injury.accidental.suspected", {"severity": "grave"}, {"data.severity": "one_of"}),
    ("abuse.bullying.reported", {"severity": "life_threatening"}, {"data.severity": "one_of"}),
    ("child.self_harm.risk", {"act_or_ideation": "thought"}, {"data.act_or_ideation": "one_of"}),
    ("child.private_custody.found", {"infants": "two"}, {"data.infants": "type"}),
    ("child.disability.suspected", {"screen_type": "eye"}, {"data.screen_type": "one_of"}),
    ("child.behaviour.misconduct", {"class": "张三"}, {"data.class": "pattern"}),
    ("child.behaviour.misconduct", {"class_": "misconduct"}, {"data.class_": "unknown_field"}),
    ("child.distressed.identified", {"class": "poor"}, {"data.class": "one_of"}),
    ("education.not_enrolled", {"stage": "university"}, {"data.stage": "one_of"}),
    ("benefit.application.filed", {"cross_region": "abroad"}, {"data.cross_region": "one_of"}),
    ("benefit.decided", {"effective_month": "2026-13"}, {"data.effective_month": "pattern"}),
    ("service.match.found", {"list_items": [0, "X1", 1.5]},
     {"data.list_items[0]": "type", "data.list_items[1]": "pattern", "data.list_items[2]": "type"}),
    ("legal_aid.need", {"case_kind": "criminal"}, {"data.case_kind": "one_of"}),
    ("legal_aid.need", {"rests_on": "E36"}, {"data.rests_on": "pattern"}),
    ("care.delegation.improper", {"ground": "bad_luck"}, {"data.ground": "one_of"}),
    ("visit.completed", {"rating": "excellent"}, {"data.rating": "one_of"}),
    ("visit.completed", {"findings": {k: v for k, v in NOTHING.items() if k != "care_services"}},
     {"data.findings.care_services": "required"}),
    ("visit.completed", {"findings": NOTHING | {"livelihood": []}}, {"data.findings.livelihood": "length"}),
    ("visit.completed", {"findings": NOTHING | {"money": "nothing"}}, {"data.findings.money": "unknown_field"}),
    ("risk.rating.changed", {"from": "best"}, {"data.from": "one_of"}),
    ("online.harmful_content.found", {"class": "某人的名字"}, {"data.class": "pattern"}),
    ("hotline.lead.received", {"estimated_age": 40}, {"data.estimated_age": "range"}),
    ("suggestion.issued", {"addressee_org": "the school"}, {"data.addressee_org": "pattern"}),
    ("placement.temporary.started", {"ground": True}, {"data.ground": "type"}),
    ("placement.longterm.started", {"form": "hotel"}, {"data.form": "one_of"}),
    ("police.case.filed", {"at": "yesterday"}, {"data.at": "date_or_time"}),
    ("timer.obligation.overdue", {"obligation_code": "T40"}, {"data.obligation_code": "pattern"}),
    ("timer.obligation.overdue", {"owner": {"kind": "civil_affairs", "level": "county"}}, {"data.owner.area": "required"}),
    ("risk.aggregate.raised", {"contributing_events": [""]}, {"data.contributing_events[0]": "length"}),
    ("data.list.delivered", {"list_kind": "pupils", "record_count": -1},
     {"data.list_kind": "one_of", "data.record_count": "range"}),
    ("site.safety_hazard.found", {"site_kind": "castle", "hazard": "dragon"},
     {"data.site_kind": "one_of", "data.hazard": "one_of"}),
    ("transport.need", {"need": "bicycle"}, {"data.need": "one_of"}),
    ("info.query.requested", {"subject": "income", "asked_by": "anybody"},
     {"data.subject": "one_of", "data.asked_by": "one_of"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), ACCEPTED)
def test_a_value_of_the_table_is_taken(name: str, data: dict[str, Any]) -> None:
    assert faults(name, **data) == {}


@pytest.mark.parametrize(("name", "data", "expected"), REFUSED)
def test_any_other_value_is_refused_by_its_field(name: str, data: dict[str, Any], expected: dict[str, str]) -> None:
    assert faults(name, **data) == expected


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_enumeration_takes_unknown(name: str) -> None:
    def literals(schema: Any) -> list[list[Any]]:
        if isinstance(schema, list):
            return [found for item in schema for found in literals(item)]
        if not isinstance(schema, dict):
            return []
        own = [schema["enum"]] if "enum" in schema else []
        return own + [found for key, inner in schema.items() if key != "enum" for found in literals(inner)]

    fields = CATALOGUE[name].model_json_schema()
    fields.get("$defs", {}).pop("Owner", None)  # an agency's level is ours to know
    assert [values for values in literals(fields) if "unknown" not in values] == []


def test_a_guardian_who_was_deported_is_told_in_answer_to_a_query_alone() -> None:
    assert faults("guardian.deported") == {}
    assert faults("guardian.deported", source_mode="query") == {}
    for mode in ("share", "report"):
        assert faults("guardian.deported", source_mode=mode) == {"data.source_mode": "source_mode"}


def test_lost_contact_is_shared_of_left_behind_and_distressed_children_not_of_migrant_children_alone() -> None:
    def shared(*categories: str) -> dict[str, str]:
        return faults("guardian.lost_contact", source_mode="share", child_categories=list(categories))

    assert shared("migrant", "rural") == {"data.source_mode": "source_mode"}
    assert shared("migrant", "left_behind") == {}
    assert shared("low_income") == {}
    assert shared() == {}
    assert faults("guardian.lost_contact", source_mode="report", child_categories=["migrant"]) == {}


def test_a_rating_of_harm_is_of_the_family_of_harm() -> None:
    assert parse(event("risk.rating.changed", to="harm")).family() == "harm"
    assert parse(event("risk.rating.changed", to="absent")).family() == "care"


def test_what_the_data_say_seals_an_event_or_makes_it_sensitive() -> None:
    def class_of(name: str, **data: Any) -> str:
        return parse(event(name, **data)).classification()

    assert class_of("legal_aid.need", rests_on="abuse.sexual.suspected.v1") == "C4"
    assert class_of("legal_aid.need", rests_on="abuse.bullying.reported") == "C3"
    assert class_of("hotline.lead.received", **{"class": "sexual_assault"}) == "C4"
    assert class_of("hotline.lead.received", **{"class": "domestic_violence"}) == "C3"
    assert class_of("online.harmful_content.found", child_identifiable=False) == "C2"
    assert class_of("online.harmful_content.found", child_identifiable=True) == "C3"
    assert class_of("transport.need", age_years=15) == "C2"
    assert class_of("transport.need", age_years=9) == "C3"
    assert class_of("transport.need") == "C3"  # nobody said that the child is 14
    assert class_of("data.list.delivered") == "C2"


def test_a_class_of_content_reads_the_same_whichever_way_it_was_sent() -> None:
    assert len(CONTENT_CLASSES) == 10
    assert content_class("谣言线索") == content_class("rumour") == "rumour"
    found = parse(event("online.harmful_content.found", **{"class": "网络欺凌"}))
    assert isinstance(found, OnlineHarmfulContentFound)
    assert found.class_ == "网络欺凌"


def test_what_has_happened_is_told_apart_from_what_lies_ahead() -> None:
    order = parse(event("court.protection_order.issued", issued_at="2026-10-02", valid_until="2027-04-02"))
    assert {name for name, _ in order.happened()} == {"occurred_at", "issued_at"}
    prisoner = parse(event("guardian.imprisoned", intake_date="2026-09-01", expected_end="2029-08-31"))
    assert {name for name, _ in prisoner.happened()} == {"occurred_at", "intake_date"}
