"""Words of the console: files per language in texts/ (`zh.yaml`, `law.zh.yaml`), the same keys in each language."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, RootModel

from services.law.rulebook_file import load_yaml

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
_FOLDER = Path(__file__).parent / "texts"
_CLAUSES: Mapping[Lang, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("whole", "全文"), (r"arts? ([\d ]+)", "第{0}条"), (r"L(\d+)", "清单第{0}项"), (r"T(\d+)", "任务{0}"), (r"(\d+\.\d+)", "第{0}节"),
    ),
    "en": ((r"L(\d+)", "list item {0}"), (r"T(\d+)", "task {0}"), (r"(\d+\.\d+)", "§{0}")),
}  # fmt: skip


class _File(RootModel[dict[str, dict[str, str]]]):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class Text(BaseModel):
    """What is said in one language: `text("duty.title")`, `text.label("state", "sent")`."""

    model_config = ConfigDict(frozen=True)
    lang: Lang
    groups: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **fill: object) -> str:
        """The sentence of a key, filled in. Raises KeyError for a key that no file has."""
        group, _, name = key.partition(".")
        return self.groups[group][name].format(**fill)

    def label(self, group: str, code: str) -> str:
        """What a code is called; the code itself where nobody named it, for a page must open even so."""
        return self.groups[group].get(code, code)

    def named(self, group: str, code: str) -> bool:
        """Whether a code has a label here."""
        return code in self.groups[group]

    def clock(self, name: str) -> str:
        """What a clock waits for: the step of the work, or the duty that law sets; the name itself where nobody named it."""
        return self.groups["clock"].get(name) or self.groups["legal"].get(name, name)

    def weight(self, clock: str, label: str) -> str:
        """What a clock's figure rests on: as its owner said, else as is known of the name; what nobody knows is not shown as law."""
        return label or self.groups["legal_weight"].get(clock, "unverified")

    def clause(self, clause: str) -> str:
        """A clause as this language writes it: `arts 21 22` is 第21、22条, `L13` item 13 of a list, `T9` task 9, `2.2` a section."""
        for pattern, words in _CLAUSES[self.lang]:
            if found := re.fullmatch(pattern, clause):
                return words.format(
                    *(part.replace(" ", "、") if self.lang == "zh" else part for part in found.groups())
                )
        return clause

    @property
    def other(self) -> Lang:
        """The language to switch to."""
        return "en" if self.lang == "zh" else "zh"


@cache
def text_of(lang: Lang) -> Text:
    """The words of a language: the groups of all its files. Raises ValueError for a group that stands in two."""
    groups: dict[str, Mapping[str, str]] = {}
    for file in sorted((*_FOLDER.glob(f"{lang}.yaml"), *_FOLDER.glob(f"*.{lang}.yaml"))):
        found = read_text(lang, file.read_text(encoding="utf-8")).groups
        if twice := groups.keys() & found.keys():
            raise ValueError(f"{file.name}: the groups {sorted(twice)} stand in another file, too")
        groups.update(found)
    return Text(lang=lang, groups=groups)


def read_text(lang: Lang, content: str) -> Text:
    """The words in a file's content. Raises ValueError naming every key whose value is no word."""
    return Text(lang=lang, groups=_File.model_validate(load_yaml(f"texts/{lang}.yaml", content)).root)


def said_in(words: object, text: Text) -> str:
    """A text that its owner gives in both languages, in the reader's; empty where there is none."""
    return str(words.get(text.lang) or words.get("zh") or "") if isinstance(words, Mapping) else ""


def language(asked: str | None, remembered: str | None) -> Lang:
    """The language of a visit: what the address asks for, else what the cookie remembers, else Chinese."""
    for wish in (asked, remembered):
        for known in LANGUAGES:
            if wish == known:
                return known
    return "zh"
