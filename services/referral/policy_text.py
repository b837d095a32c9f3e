"""Turns a policy text into numbered clauses: a clause is a sentence, or a part of one that ends with a semicolon. Pure.

Ids come from the text's own headings and from the position under them (`A§2.1-07`, `B-T8-04`, `A-L16-02`), so they depend on nothing but the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import yaml
from pydantic import BaseModel, ConfigDict

DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12, "十三": 13}
CHAPTER = re.compile(r"^([一二三四五六七八九十]+)、\s*([^。]+)$")
PART = re.compile(r"^[（(]([一二三四五六七八九十]+)[）)]\s*(.*)$")
TASK = re.compile(r"^(\d{1,2})\.\s+([^。]+)。(.*)$")
SPOKEN = re.compile(r"^([一二三四五六])是([^。]+)。(.*)$")
ANNEX = re.compile(r"^(附件：|[（(]信息公开形式)")
# A clause ends after 。 or ； unless a bracket or quotation is open there; a short numbered title stays with its sentence.
NUMBERED_TITLE = re.compile(r"^\d\.\s[^。]{2,12}。$")
LIST_HEADS = {"幼有所育", "学有所教", "病有所医", "住有所居", "弱有所扶", "发展保障"}


class PolicyHeader(BaseModel):
    """What stands above the text: which document it is and where it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    number: str
    issuer: str
    issued: date
    read_from: str
    note: str


@dataclass(frozen=True)
class Clause:
    """One clause: its id, the section it stands in, and its words without line breaks."""

    id: str
    section: str
    text: str


@dataclass(frozen=True)
class PolicyText:
    """A policy text in clauses, and the title of each of its sections, in order."""

    header: PolicyHeader
    titles: dict[str, str]
    clauses: tuple[Clause, ...]


def split(document: str) -> PolicyText:
    """The clauses of a policy text with its header; pydantic's ValidationError or ValueError if the header is not there or wrong."""
    parts = document.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError("a header between two lines of --- is expected at the top")
    header = PolicyHeader.model_validate(yaml.safe_load(parts[1]))
    body, table = _without_table(parts[2])
    sections = _sections(header.code, body)
    rows = _tabbed_rows(table) if "\t" in table else _piped_rows(table)
    for number, (label, content, agencies) in enumerate(rows, 1):
        texts = [text for text in (label, *_sentences(content), agencies) if text]
        sections.append((f"{header.code}-L{number}", f"清单第{number}项", texts))
    clauses = [
        Clause(f"{section}-{position:02}", section, text)
        for section, _, texts in sections
        for position, text in enumerate(texts, 1)
    ]
    return PolicyText(header, {section: title for section, title, _ in sections}, tuple(clauses))


def _without_table(body: str) -> tuple[list[str], str]:
    """The lines of the running text, and the service list behind it (empty if there is none)."""
    found = re.search(r"^(\t服务对象|\| \| 序号).*$", body, re.M)
    running = body[: found.start()] if found else body
    lines = [line.strip().lstrip("#").strip() for line in running.splitlines()]
    return [line for line in lines if line], body[found.end() :] if found else ""


def _sections(code: str, lines: list[str]) -> list[tuple[str, str, list[str]]]:
    """(id, title, clauses) of the running text.

    A chapter that holds only parts has no clauses; before the first heading is section 0, an annex's cover is L0.
    """
    section, chapter, texts, open_ = f"{code}§0", 0, [], ""
    title = "通知正文"
    found: list[tuple[str, str, list[str]]] = []

    def close() -> None:
        nonlocal open_
        texts.extend(_sentences(open_))
        open_ = ""

    def begin(new: str, its_title: str) -> None:
        nonlocal section, title, texts
        close()
        if texts or not section.endswith("§0"):
            found.append((section, title, texts))
        section, title, texts = new, its_title, []

    for line in lines:
        listing = section.endswith(("§0", "-L0"))
        if m := CHAPTER.match(line):
            chapter = DIGITS[m[1]]
            begin(f"{code}§{chapter}", m[2])
        elif (m := PART.match(line)) and m[1] in DIGITS and chapter:
            part_title, _, rest = m[2].partition("。")
            begin(f"{code}§{chapter}.{DIGITS[m[1]]}", part_title)
            open_ = rest
        elif chapter == 3 and code == "B" and (m := TASK.match(line)):
            begin(f"{code}-T{m[1]}", m[2])
            open_ = m[3]
        elif m := SPOKEN.match(line):
            begin(f"{code}§{DIGITS[m[1]]}", m[2])
            open_ = m[3]
        elif ANNEX.match(line):
            begin(f"{code}-L0", "附件")
            open_ = line
        elif listing and open_ and not _goes_on(open_):
            close()
            open_ = line
        else:
            open_ += line
    close()
    found.append((section, title, texts))
    return found


def _goes_on(line: str) -> bool:
    """Whether a line of the notice or of an annex's cover was broken off by the end of a page."""
    return any(mark in line for mark in "，、") and not line.endswith(("。", "：", "；", "）"))


def _sentences(text: str) -> list[str]:
    return list(_ended(text))


def _ended(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for position, mark in enumerate(text):
        if mark in "（(“《":
            depth += 1
        elif mark in "）)”》":
            depth = max(0, depth - 1)
        elif mark in "。；;" and depth == 0:
            piece = text[start : position + 1].strip()
            if NUMBERED_TITLE.match(piece):
                continue
            yield piece
            start = position + 1
    if rest := text[start:].strip():
        yield rest


def _tabbed_rows(table: str) -> Iterator[tuple[str, str, str]]:
    """Rows of a list whose cells are parted by tabs and broken by pages: each begins at its printed number, in order."""
    starts: list[tuple[int, int]] = []
    while m := re.compile(rf"(?:^|\t|<p>)\s*{len(starts) + 1}(?:</p>)?[\t \n]", re.M).search(
        table, starts[-1][1] if starts else 0
    ):
        starts.append((m.start(), m.end()))
    for position, (_, begin) in enumerate(starts):
        end = starts[position + 1][0] if position + 1 < len(starts) else len(table)
        pieces = re.split(r"[\t\n]", table[begin:end].replace("<p>", "").replace("</p>", ""))
        cells = [piece.strip() for piece in pieces if piece.strip() and piece.strip() not in LIST_HEADS]
        yield _row(cells)


def _piped_rows(table: str) -> Iterator[tuple[str, str, str]]:
    """Rows of a list in bars. A row is one that states a task; a row without one is a piece of the next row's label."""
    waiting: list[str] = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        cells = [c for c in cells if c and c not in LIST_HEADS and not re.fullmatch(r"[\d:-]+", c)]
        if any(c.endswith("。") for c in cells):
            yield _row([*waiting, *cells])
            waiting = []
        else:
            waiting += cells


def _row(cells: list[str]) -> tuple[str, str, str]:
    """(whom and what service, what is done, who answers for it): what is done is the longest cell."""
    at = max(range(len(cells)), key=lambda n: len(cells[n]))
    return " · ".join(cells[:at]), cells[at], " ".join(cells[at + 1 :])
