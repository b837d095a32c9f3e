"""The README's map names every room of the repository, and no other; its links lead somewhere."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_service_stands_on_the_map_and_every_entry_exists() -> None:
    on_the_map = set(re.findall(r"^services/([a-z]+)/ ", README, re.M))
    rooms = {folder.name for folder in (ROOT / "services").iterdir() if (folder / "__init__.py").exists()}
    assert on_the_map == rooms


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.M))
    assert named <= targets
