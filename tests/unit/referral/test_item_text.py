"""An officer reads what an item is, who owes it, and what is not certain about it."""

from datetime import date

from services.referral.item_text import item_texts
from services.referral.read_service_list import packaged_services

ON = date(2026, 3, 10)


def test_an_item_is_told_as_it_holds_where_the_child_lives() -> None:
    (here,) = item_texts(packaged_services(), [3], "220102", ON)
    (there,) = item_texts(packaged_services(), [3], "220382", ON)
    assert (here["edition"], here["department"]) == ("C", "市教育局")
    assert "作业本校服补助" in [offer["zh"] for offer in here["offers"]]
    assert (there["edition"], there["department"]) == ("A", "省教育厅")
    assert there["subject"] == here["subject"] == "义务教育阶段流动儿童"


def test_what_is_not_certain_is_told_with_the_item() -> None:
    (item,) = item_texts(packaged_services(), [24], "220382", ON)
    assert "待与纸质公报核对" in item["note"]
    assert item["basis"][0]["label"] == "unverified"


def test_a_programme_has_its_name_and_an_unknown_code_no_text() -> None:
    texts = item_texts(packaged_services(), ["P07", "P99", 40], "220382", ON)
    assert [text["zh"] for text in texts] == ["佑苗爱心基金 儿童大病救助"]
