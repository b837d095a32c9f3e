"""Every item and programme of the lists, judged on its own examples; and what a wrong list is told."""

from datetime import date

import pytest

from services.law import PACKAGED
from services.law.rulebook_file import Files, RulebookFault, files_in
from services.referral.policy_match import TRIGGERS, match
from services.referral.read_service_list import (
    EXAMPLE_DAY,
    example_facts,
    judged_examples,
    packaged_services,
    read_services,
)
from services.referral.service_list import Item, MatchExample, Programme, ServiceList

SERVICES = packaged_services()
JUDGED = list(judged_examples(SERVICES))


def called(entry: Item | Programme) -> str:
    return entry.code if isinstance(entry, Programme) else f"{entry.edition} item {entry.number}"


@pytest.mark.parametrize(
    ("entry", "number", "verdict"), JUDGED, ids=[f"{called(e)}: {e.examples[n].name}" for e, n, _ in JUDGED]
)
def test_an_example_of_the_list_is_judged_as_it_says(entry: Item | Programme, number: int, verdict: str) -> None:
    assert verdict == entry.examples[number].due


def test_all_32_items_have_a_positive_and_a_negative_example_and_an_unknown_one_where_they_ask_for_facts() -> None:
    lacking = []
    for item in (i for i in SERVICES.items if i.edition == "A"):
        verdicts = {e.due for e in item.examples}
        wanted = {"yes", "no", "unknown"} if item.conditions else {"yes", "no"}
        if wanted - verdicts:
            lacking.append((item.number, wanted - verdicts))
    assert lacking == []


def test_all_18_programmes_have_an_example() -> None:
    assert [p.code for p in SERVICES.programmes] == [f"P{n:02d}" for n in range(1, 19)]
    assert [p.code for p in SERVICES.programmes if not p.examples] == []


@pytest.mark.parametrize("item", [i for i in SERVICES.items if i.edition == "A"], ids=lambda i: f"item {i.number}")
def test_an_item_asks_the_departments_that_the_list_names(item: Item) -> None:
    named = {"民政": "civil_affairs", "卫生健康": "health", "疾控": "cdc", "教育": "education", "医保": "medical_insurance",
             "残联": "disabled_federation", "法院": "court",
             "检察": "procuratorate", "妇联": "womens_federation", "公安": "police", "网信": "cyberspace", "广电": "broadcast",
             "团省委": "youth_league", "人力资源": "human_resources", "住房": "housing"}  # fmt: skip
    assert {d.kind for d in item.to} == {kind for word, kind in named.items() if word in item.department}


def test_items_22_25_26_27_29_31_and_p13_p14_are_told_and_never_referred() -> None:
    digest = [i.number for i in SERVICES.items if i.edition == "A" and i.form == "digest"]
    assert digest == [22, 25, 26, 27, 29, 31]
    assert [p.code for p in SERVICES.programmes if p.form == "digest"] == ["P13", "P14"]


def test_consent_is_asked_for_p02_p04_to_p07_and_p15() -> None:
    assert [p.code for p in SERVICES.programmes if p.consent] == ["P02", "P04", "P05", "P06", "P07", "P15"]


def test_what_is_not_certain_says_so() -> None:
    unverified = [
        i.number for i in SERVICES.items if i.edition == "A" and any(b.label == "unverified" for b in i.basis)
    ]
    assert unverified == [21, 24]
    assert all(i.note for i in SERVICES.items if i.edition == "A" and i.number in unverified)


def test_changchuns_list_holds_in_changchun_from_its_day_and_never_narrows() -> None:
    def item(area: str, on: date) -> Item:
        found = SERVICES.item(13, area, on)
        assert found is not None
        return found

    before, after, elsewhere = (
        item("220102", date(2025, 9, 17)),
        item("220102", date(2025, 9, 18)),
        item("220382", date(2025, 9, 18)),
    )
    assert (before.edition, after.edition, elsewhere.edition) == ("A", "C", "A")
    assert after.department == "市教育局 市残联"
    assert after.conditions[: len(before.conditions)] == before.conditions
    for whole in SERVICES.in_force("220382", EXAMPLE_DAY):
        local = SERVICES.item(whole.number, "220102", EXAMPLE_DAY)
        assert local is not None
        assert {d.kind for d in whole.to} <= {d.kind for d in local.to}
        assert set(map(str, whole.conditions)) <= set(map(str, local.conditions)) or not local.conditions


def test_before_the_list_was_issued_nothing_is_matched() -> None:
    assert SERVICES.in_force("220382", date(2024, 10, 17)) == ()


@pytest.mark.parametrize(
    "example", [(i, e) for i in SERVICES.items for e in i.examples if e.to], ids=lambda pair: pair[1].name
)
def test_the_department_of_an_item_may_depend_on_the_child(example: tuple[Item, MatchExample]) -> None:
    item, one = example
    facts = example_facts(one, "220382")
    found = match(SERVICES, facts.asked)
    assert tuple(due.kind for due in found.due if item.number in due.items) == one.to


FILES = {name: text for name, text in files_in(PACKAGED).items() if name.startswith("service_list/")}


def faults(files: Files) -> list[str]:
    with pytest.raises(RulebookFault) as refused:
        read_services(files)
    return refused.value.faults


def test_a_wrong_list_is_refused_with_every_fault_its_line_and_its_field() -> None:
    wrong = "- {edition: A, number: 0, content: x, department: y, basis: []}\n- {edition: A, nomber: 2}\n"
    told = faults({**FILES, "service_list/A-9.yaml": wrong})
    assert any("service_list/A-9.yaml:1: entry 1: number" in fault for fault in told)
    assert any("service_list/A-9.yaml:1: entry 1: basis" in fault for fault in told)
    assert any("service_list/A-9.yaml:2: entry 2: nomber" in fault for fault in told)


def test_a_missing_item_an_unknown_kind_a_false_example_and_a_repeated_number_are_each_told() -> None:
    culture = FILES["service_list/A-5-culture-and-city.yaml"]
    broken = culture.replace("  number: 32", "  number: 31").replace("kind: cyberspace", "kind: cyberspice")
    told = faults({**FILES, "service_list/A-5-culture-and-city.yaml": broken})
    assert any("item 32 of A is missing" in fault for fault in told)
    assert any("A item 31: stands twice" in fault for fault in told)
    assert any("service_list/A-5-culture-and-city.yaml:29: to: kind cyberspice" in fault for fault in told)
    unknown = culture.replace("internet_risk: {equals: true}}", "internet_rsk: {equals: true}}")
    told = faults({**FILES, "service_list/A-5-culture-and-city.yaml": unknown})
    assert any("conditions.0: fact internet_rsk is unknown" in fault for fault in told)
    wrong = culture.replace('age_years: 5}, due: "no"', 'age_years: 5}, due: "yes"')
    assert any(
        "example `five`: due no, expected yes" in fault
        for fault in faults({**FILES, "service_list/A-5-culture-and-city.yaml": wrong})
    )


def test_a_list_that_is_no_list_is_told() -> None:
    assert faults({**FILES, "service_list/editions.yaml": "id: A\n"}) == [
        "service_list/editions.yaml:1: a list of entries is expected"
    ]


def test_the_lists_name_every_trigger_of_section_6() -> None:
    assert {"child.migrant.identified", "child.left_behind.identified", "residence.permit.registered", "child.distressed.identified",
            "child.disability.certified", "child.serious_illness", "livelihood.difficulty", "benefit.decided", "comparison"} <= TRIGGERS  # fmt: skip
    assert isinstance(SERVICES, ServiceList)
