import json
from pathlib import Path
from typing import Any

import pytest

from events.catalogue import check, parse
from events.education import EducationDropoutConfirmed
from events.envelope import Event
from events.reporting import ReportingMandatoryFiled
from events.source import SourcePath, parse_source

HARM: dict[str, Any] = {"confidence": "suspected", "occurred_at": "2026-10-02T19:50:00+08:00", "child_ref": "c_1"}


def harm(*without: str, **data: object) -> Event:
    return event("abuse.domestic_violence.suspected.v1", *without, **data)


def event(
    name: str, *without: str, source: str = "/school/220322/s1", subject: str | None = None, **data: object
) -> Event:
    said = {key: value for key, value in (HARM | data).items() if key not in without}
    return Event(id="a1", source=source, type=name, subject=subject, data=said)


def faults(of: Event) -> dict[str, str]:
    return {fault.field: fault.rule for fault in check(of)}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"confidence": "certain"}, {"data.confidence": "one_of"}),
        ({"confidence": None}, {"data.confidence": "one_of"}),
        ({"occurred_at": "2026-10-02T19:50:00"}, {"data.occurred_at": "rfc3339"}),
        ({"occurred_at": 1790000000}, {"data.occurred_at": "rfc3339"}),
        ({"child_ref": "1"}, {"data.child_ref": "pattern"}),
        ({"child_ref": "c_ABC"}, {"data.child_ref": "pattern"}),
        ({"age_years": 19}, {"data.age_years": "range"}),
        ({"age_years": -1}, {"data.age_years": "range"}),
        ({"age_years": "9"}, {"data.age_years": "type"}),
        ({"sex": "f"}, {"data.sex": "one_of"}),
        ({"residence_code": "2201"}, {"data.residence_code": "pattern"}),
        ({"hukou_code": "22012210"}, {"data.hukou_code": "pattern"}),
        ({"occurrence_code": 220122}, {"data.occurrence_code": "type"}),
        ({"child_categories": ["left_behind", "lonely"]}, {"data.child_categories[1]": "one_of"}),
        ({"pupil_at": "the school"}, {"data.pupil_at": "pattern"}),
        ({"reporter": {"name": "x"}}, {"data.reporter.name": "unknown_field"}),
        ({"injury_level": "grave"}, {"data.injury_level": "one_of"}),
        ({"needs_medical": 1}, {"data.needs_medical": "type"}),
        ({"needs_medical": "true"}, {"data.needs_medical": "type"}),
        ({"suspect_relation": "The Father"}, {"data.suspect_relation": "pattern"}),
        ({"injury": "multiple"}, {"data.injury": "unknown_field"}),
        ({"stage": "compulsory"}, {"data.stage": "unknown_field"}),
    ],
)
def test_a_field_that_breaks_the_contract_is_named(data: dict[str, object], fault: dict[str, str]) -> None:
    assert faults(harm(**data)) == fault


def test_all_faults_come_at_once_with_what_was_expected_and_without_what_was_sent() -> None:
    found = check(harm("occurred_at", injury_level="Li Lei", sex="Li Lei", age_years=99))
    assert len(found) == 4
    assert "Li Lei" not in str(found)
    assert (
        next(f.expected for f in found if f.field == "data.injury_level") == "none, minor, multiple, serious, unknown"
    )


def test_every_enumeration_accepts_unknown_and_absent_is_good() -> None:
    assert check(harm(injury_level="unknown", sex="unknown", confidence="unknown", child_categories=["unknown"])) == []
    assert check(harm(injury_level=None)) == []


def test_a_child_is_named_or_said_to_be_unknown() -> None:
    assert faults(harm("child_ref")) == {"data.child_ref": "required"}
    assert faults(harm("child_ref", child_known=True)) == {"data.child_ref": "required"}
    assert faults(harm("child_ref", child_known=False)) == {}
    assert faults(harm(child_known=False)) == {"data.child_known": "contradiction"}


def test_an_event_about_an_organisation_needs_no_child() -> None:
    assert faults(event("reporting.mandatory.missed.v1", "child_ref")) == {}


def test_a_guardian_event_lists_its_children_or_names_one() -> None:
    one = "guardian.imprisoned.v1"
    two = {"child_refs": ["c_1", "c_2"]}
    assert faults(event(one)) == {}
    assert faults(event(one, "child_ref")) == {"data.child_ref": "required"}
    assert faults(event(one, "child_ref", **two)) == {}
    assert faults(event(one, "child_ref", **two, children=[{"child_ref": "c_2", "age_years": 3}])) == {}
    assert faults(event(one, **two)) == {"data.child_refs": "contradiction"}
    assert faults(event(one, "child_ref", **two, children=[{"child_ref": "c_3"}])) == {"data.children": "contradiction"}
    assert faults(event(one, "child_ref", child_refs=["c_1", "c_1"])) == {"data.child_refs": "unique"}
    assert faults(event(one, "child_ref", children=[{"child_ref": "c_1"}])).keys() == {
        "data.child_ref",
        "data.children",
    }


def test_a_subject_is_the_child_or_absent() -> None:
    assert faults(harm()) == {}
    assert faults(event("child.found.v1", subject="c_1")) == {}
    assert faults(event("child.found.v1", subject="c_2")) == {"subject": "subject"}
    assert faults(event("guardian.deceased.v1", "child_ref", subject="c_1", child_refs=["c_1"])) == {
        "subject": "subject"
    }


def test_a_school_that_confirms_a_dropout_gives_its_written_report() -> None:
    name = "education.dropout.confirmed.v1"
    assert faults(event(name)) == {"data.report_ref": "required"}
    assert faults(event(name, report_ref="D-1")) == {}
    assert faults(event(name, source="/education/220322/e1")) == {}


def test_a_mandatory_report_carries_what_the_child_event_would() -> None:
    name = "reporting.mandatory.filed.v1"
    said = {"situation_code": 4, "injury_level": "serious", "neglect_signs": "bruises", "infant": False, "since": None}
    assert faults(event(name, **said)) == {}
    assert faults(event(name, situation_code=10)) == {"data.situation_code": "one_of"}
    assert faults(event(name, situation_code=True)) == {"data.situation_code": "one_of"}
    assert faults(event(name, situation_code="unknown")) == {}


def test_a_mandatory_report_of_a_sexual_assault_is_sealed() -> None:
    def classification(**data: object) -> str:
        return ReportingMandatoryFiled.model_validate(HARM | data).classification()

    assert classification(situation_code=2) == "C4"
    assert classification(situation_code=4) == "C3"
    assert classification(suspect_class="peer") == "C4"


def test_an_act_of_an_authority_may_be_known_by_the_day_alone() -> None:
    for when in ("2026-10-12", "2026-10-12T09:00:00+08:00"):
        parsed = parse(event("education.dropout.confirmed.v1", report_ref="D-1", confirmed_at=when))
        assert isinstance(parsed, EducationDropoutConfirmed)
        assert parsed.confirmed_at is not None
        assert parsed.confirmed_at.isoformat() == when
    fault = {"data.confirmed_at": "date_or_time"}
    assert faults(event("education.dropout.confirmed.v1", report_ref="D-1", confirmed_at="October")) == fault


def test_a_type_that_is_not_in_the_catalogue_is_refused_with_those_that_are() -> None:
    (fault,) = check(event("child.mising.v1"))
    assert (fault.field, fault.rule) == ("type", "unknown_type")
    assert "child.missing.v1" in fault.expected
    assert faults(event("referral.opened.v1")) == {"type": "unknown_type"}


def test_an_id_number_in_the_data_is_refused_beside_every_other_fault() -> None:
    found = faults(harm(age_years=40, evidence_refs=["220122201501011230"]))
    assert found == {"data.age_years": "range", "data.evidence_refs[0]": "id_number"}


def test_nonsense_without_end_gets_an_answer_of_bounded_length() -> None:
    assert len(check(harm(**{f"f{number}": number for number in range(5000)}))) <= 200


@pytest.mark.parametrize(
    "source", ["school", "/school/220322", "/School/220322/s1", "/school/2203/s1", "/school/220322/s 1"]
)
def test_a_source_outside_the_grammar_is_refused(source: str) -> None:
    assert faults(event("child.missing.v1", source=source)) == {"source": "source"}


def test_a_source_has_kind_area_and_unit() -> None:
    assert parse_source("/village_committee/220122100201/v1") == SourcePath("village_committee", "220122100201", "v1")
    assert str(SourcePath("school", "220322", "s1")) == "/school/220322/s1"
    assert parse_source("/school/220322/s1/x") is None


def test_the_event_of_the_design_is_good() -> None:
    text = Path(__file__).with_name("design_event.json").read_text("utf-8")
    assert check(Event.model_validate(json.loads(text))) == []
