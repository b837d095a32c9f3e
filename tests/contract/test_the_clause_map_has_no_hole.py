"""Every clause of the three policy texts has its carrier, or says why it needs none; and people can read that as it is now."""

import re
import shutil
from pathlib import Path

from services.cli.clause_document import INDEX, PAGES, current
from services.cli.clauses import clause_faults
from services.law import PACKAGED
from services.law.rulebook_file import files_in
from services.referral.clause_map import digest
from services.referral.clause_map_files import read_clause_map
from services.referral.profiles import packaged_profiles
from services.referral.read_rulebook import packaged, read_edition

ROOT = Path(__file__).parents[2]


def test_the_clause_map_has_no_hole_and_rests_on_nothing_that_is_not_there() -> None:
    assert clause_faults(packaged(), packaged_profiles()) == []


def test_an_edition_that_drops_what_carries_a_clause_is_found_out(tmp_path: Path) -> None:
    own = Path(shutil.copytree(PACKAGED, tmp_path / "rulebook"))
    routing = own / "routing" / "illness.yaml"
    routing.write_text(routing.read_text("utf-8").replace("insurance.uninsured", "residence.permit.missing"), "utf-8")
    for path in (own / "service_list").glob("C-*.yaml"):
        path.unlink()
    edition = read_edition(files_in(own))
    told = "\n".join(clause_faults(edition.rulebook, edition.profiles, own))
    assert "event insurance.uninsured has neither a row nor a no_referral in the routing, and carries A§2.1-03" in told
    assert "item C-7 does not exist, and carries C-L7-01" in told


def test_every_clause_that_names_a_limit_or_a_trigger_is_carried() -> None:
    """A reason is for aims, campaigns and money; a clause with a time limit or a situation of a child may not hide behind one."""
    found, _ = read_clause_map()
    assert [entry.id for entry in found.entries if entry.reason and {"limit", "trigger"} & set(entry.says)] == []


def test_every_clause_that_speaks_of_a_number_of_days_months_or_years_is_marked_as_a_limit() -> None:
    found, _ = read_clause_map()
    limits = {entry.id for entry in found.entries if "limit" in entry.says}
    dated = r"每(?:年|半年|季度|月|个月|三个月|天|周)|底前|\d+日前|至少(?:一次|每)"
    texts = {clause.id: clause.text for text in found.texts for clause in text.clauses}
    # "每年" of a text that only says where money or praise goes would be listed here; there is none.
    assert [name for name, text in texts.items() if re.search(dated, text) and name not in limits] == []


def test_every_general_rule_is_where_the_map_says_that_it_is() -> None:
    found, _ = read_clause_map()
    assert list(found.parts.rules) == [f"R{number}" for number in range(1, 15)]
    texts = {name: (ROOT / part.at).read_text("utf-8") for name, part in found.parts.rules.items()}
    assert [name for name, text in texts.items() if not re.search(rf"\b{name}\b", text)] == []


def test_the_document_is_what_texts_and_map_say_now() -> None:
    """`make clauses` writes it."""
    pages = dict(current())
    assert [path.name for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text] == []
    assert {*(ROOT / PAGES).glob("*.md"), ROOT / INDEX} == set(pages)


def test_every_link_of_the_document_leads_somewhere() -> None:
    broken = [
        f"{path.name}: {link}"
        for path, text in current()
        for link in set(re.findall(r"\]\(([^)]+)\)", text))
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_the_digest_of_a_clause_changes_with_one_character() -> None:
    assert digest("每三个月入户走访一次；") != digest("每两个月入户走访一次；")
