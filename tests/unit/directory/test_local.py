"""What only the province's own lists say, and what a wrong list is told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.directory.agencies import agency, responsible
from services.directory.local import Local, flagged, law_vice_principal_office, local
from services.directory.posts import every_post, post_faults
from services.directory.strict import DirectoryFault, read_packaged
from services.directory.territory import territory

DAY = date(2026, 10, 2)


def test_a_protection_station_exists_only_where_it_is_listed() -> None:
    assert str(agency("protection_station", "township", "220122100201", DAY)) == "protection_station@township/220122100"
    assert agency("protection_station", "township", "220122101", DAY) is None
    assert (
        str(responsible("protection_station", "township", "220122101", DAY)) == "township_government@township/220122101"
    )


def test_the_posts_of_a_listed_station_exist_and_of_another_do_not() -> None:
    keys = {post.key for post in every_post(DAY)}
    assert "protection_station@township/220122100/duty_officer" in keys
    assert "protection_station@township/220122/duty_officer" not in keys
    assert post_faults("protection_station", "township", "220122100", "duty_officer") == []
    assert [field for field, _ in post_faults("protection_station", "township", "220122101", "duty_officer")] == [
        "area"
    ]


def test_a_flag_of_a_city_holds_for_its_counties() -> None:
    assert flagged("monitoring_priority", "220122", DAY)
    assert not flagged("monitoring_priority", "220322", DAY)
    assert flagged("border", "222404100", DAY)


def test_a_flag_whose_list_is_not_in_the_texts_is_shown_as_unverified() -> None:
    assert {name: flag.label for name, flag in local().flags.items()} == {
        "monitoring_priority": "policy", "border": "unverified", "old_revolutionary_base": "unverified",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("area", "kind"), [("220122", "court"), ("220105100", "court"), ("220322", "police"), (None, "police")]
)
def test_a_schools_vice_principal_comes_from_the_office_that_its_area_says(area: str | None, kind: str) -> None:
    assert law_vice_principal_office("/school/220122/s1", area, DAY).kind == kind


def changed(**parts: Any) -> Local:
    return Local.model_validate(local().model_dump() | parts)


def test_an_agency_that_is_listed_as_missing_does_not_exist_and_another_stands_in() -> None:
    gone = changed(
        absent=({"kind": "relief_station", "level": "unit", "areas": ("220122",), "source": "s", "label": "policy"},)
    )
    assert [each.areas for each in gone.gone("relief_station", "unit")] == [("220122",)]
    assert not list(gone.gone("relief_station", "city"))


def test_a_wrong_list_is_refused_with_every_fault() -> None:
    source = {"source": "s", "label": "policy"}
    with pytest.raises(ValidationError) as caught:
        changed(
            exists={"school": {"areas": ("220199",), **source}},
            absent=({"kind": "relief_station", "level": "village", "areas": (), **source},),
        )
    text = str(caught.value)
    assert "exists.school: no kind with listed: true" in text
    assert "absent[1]: no kind of the directory with this level" in text
    assert "exists.school: not an area of Jilin (entry 1)" in text


def test_every_area_of_the_lists_lies_in_jilin() -> None:
    listed = [area for each in (*local().exists.values(), *local().flags.values()) for area in each.areas]
    assert listed
    assert all(territory().city(area, DAY) is not None for area in listed)


def test_an_installation_puts_its_own_lists_in_the_place_of_the_packaged_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUHU_DIRECTORY", str(tmp_path))
    assert read_packaged("local.yaml", Local) == local()  # no file of that name there
    own = local().model_dump(mode="json")
    own["exists"]["protection_station"] = {"areas": ["220183"], "source": "德惠市文件", "label": "policy"}
    (tmp_path / "local.yaml").write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    assert read_packaged("local.yaml", Local).where("protection_station") == ("220183",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("exists: [\n", "local.yaml:2:1: readable YAML"), ("exists: {}\n", "local.yaml: flags: Field required")],
)
def test_a_list_that_cannot_be_read_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.setenv("SHOUHU_DIRECTORY", str(tmp_path))
    (tmp_path / "local.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DirectoryFault) as caught:
        read_packaged("local.yaml", Local)
    assert expected in str(caught.value)
