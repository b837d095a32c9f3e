"""One person's shifts as iCalendar (RFC 5545), for any calendar on a phone: which post, from when to when, nothing else."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

FOLD = 75  # octets of a line


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift of one's own: what it is called, at which post (its key), and when (UTC)."""

    title: str
    post: str
    begins: datetime
    ends: datetime


def calendar_of(shifts: Iterable[OwnShift], stamp: datetime) -> str:
    """A VCALENDAR with one event per shift; the same shift keeps its UID, so that a second import changes nothing."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Shouhu//Roster//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for each in shifts:
        uid = hashlib.sha256(f"{each.post} {_utc(each.begins)}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@shouhu",
            f"DTSTAMP:{_utc(stamp)}",
            f"DTSTART:{_utc(each.begins)}",
            f"DTEND:{_utc(each.ends)}",
            f"SUMMARY:{_text(each.title)}",
            "TRANSP:OPAQUE",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """A line cut so that no part has more than 75 octets and no character is broken."""
    parts: list[str] = []
    part = ""
    for character in line:
        if len((part + character).encode()) > FOLD - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])
