"""One entry of a people's file, a post and who holds it, checked so that each fault names its place."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from services.directory.faults import Loc, Words
from services.directory.parsing import parsed
from services.directory.people import CHANNELS, Assignment, Channel, Person
from services.directory.posts import parse_post, post_faults
from services.directory.sheets import Sheet
from services.directory.strict import Strict

Identity = Annotated[str, Field(pattern=r"^\S{1,100}$")]
_POST = ("kind", "level", "area", "function")
_NUMBER = re.compile(r"\+?\d{5,15}")
_USER = re.compile(r"\S{1,64}")


class PersonEntry(Strict):
    id: Identity
    name: Annotated[str, Field(min_length=1, max_length=100)]
    channels: Annotated[dict[Channel, str], Field(min_length=1)]


class PostEntry(Strict):
    kind: str
    level: str
    area: str
    function: str
    people: tuple[PersonEntry, ...]


class PeopleFile(Strict):
    """Everything that a file may hold; rosters and leave are read by roster_entries."""

    posts: tuple[PostEntry, ...]
    rosters: tuple[Any, ...] | None = None
    leave: tuple[Any, ...] | None = None


def assignments(sheet: Sheet) -> Iterator[tuple[Loc, Assignment]]:
    """What a sheet says, entry by entry; one with faults is left out after all its faults are recorded in the sheet."""
    data = sheet.data
    entries = data.get("posts") if isinstance(data, Mapping) else None
    if not isinstance(entries, list):
        if not sheet.faults and not _has_others(data):
            parsed(sheet, PeopleFile, data, ())
        return
    parsed(sheet, PeopleFile, {**data, "posts": []}, ())
    for n, entry in enumerate(entries):
        before, loc = len(sheet.faults), ("posts", n)
        made = parsed(sheet, PostEntry, entry, loc)
        check_post(sheet, entry, loc)
        _check_contacts(sheet, entry, loc)
        if made is not None and len(sheet.faults) == before:
            post = parse_post(f"{made.kind}@{made.level}/{made.area}/{made.function}")
            yield loc, Assignment(post, tuple(_person(each) for each in made.people))


def check_across(found: list[tuple[Sheet, Loc, Assignment]]) -> None:
    """Record what only shows over several entries: a post listed twice, a person with two names or sets of contacts."""
    posts: set[str] = set()
    people: dict[str, Person] = {}
    for sheet, loc, made in found:
        if made.post.key in posts:
            sheet.fault(loc, Words("该岗位已在前面列出", "this post is listed before; expected once"))
        posts.add(made.post.key)
        seen: set[str] = set()
        for n, person in enumerate(made.people):
            at: Loc = (*loc, "people", n)
            first = people.setdefault(person.id, person)
            if person.id in seen:
                sheet.fault((*at, "id"), Words("同一岗位重复列出此人", "this person is listed twice for the post"))
            seen.add(person.id)
            if person.name != first.name:
                sheet.fault(
                    (*at, "name"), Words("同一编号的姓名前后不同", "the name given for this id before expected")
                )
            if person.channels != first.channels:
                words = Words("同一编号的联系方式前后不同", "the contacts given for this id before expected")
                sheet.fault((*at, "channels"), words)


def _has_others(data: Any) -> bool:
    """Whether a file without `posts` is one of rosters or leave; what else stands in it is a fault all the same."""
    return isinstance(data, Mapping) and bool(data) and set(data) <= {"rosters", "leave"}


def _person(entry: PersonEntry) -> Person:
    return Person(entry.id, entry.name, {name: _bare(name, value) for name, value in entry.channels.items()})


def _bare(channel: str, contact: str) -> str:
    """A contact as it is dialled: numbers without the spaces and hyphens that people write."""
    return contact if channel == "wecom" else re.sub(r"[ -]", "", contact)


def check_post(sheet: Sheet, entry: Any, loc: Loc) -> None:
    """Record what is wrong with the post that an entry names."""
    if not isinstance(entry, Mapping):
        return
    given = {name: value for name in _POST if isinstance(value := entry.get(name), str)}
    for name, words in post_faults(**dict.fromkeys(_POST, "") | given):
        if name in given:
            sheet.fault((*loc, name), words)


def _check_contacts(sheet: Sheet, entry: Any, loc: Loc) -> None:
    people = entry.get("people") if isinstance(entry, Mapping) else None
    for n, person in enumerate(people if isinstance(people, list) else ()):
        channels = person.get("channels") if isinstance(person, Mapping) else None
        for channel, contact in (channels if isinstance(channels, Mapping) else {}).items():
            at = (*loc, "people", n, "channels", channel)
            if channel not in CHANNELS or not isinstance(contact, str):
                continue
            if channel == "wecom" and not _USER.fullmatch(contact):
                sheet.fault(
                    at, Words("应为企业微信账号,不含空格", "a WeCom user id expected: up to 64 characters, no space")
                )
            elif channel != "wecom" and not _NUMBER.fullmatch(_bare(channel, contact)):
                sheet.fault(
                    at, Words("应为电话号码", "a telephone number expected: 5 to 15 digits, with + if international")
                )
