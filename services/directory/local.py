"""What only the province's own lists say: where agencies exist, whose officer serves a school, which areas carry a flag."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from events.agency import Level
from services.directory.kinds import KINDS
from services.directory.strict import Strict, read_packaged
from services.directory.territory import Label, territory

Area = Annotated[str, Field(pattern=r"^\d{6}(\d{3})?$")]
LawOffice = Literal["court", "procuratorate", "police", "justice"]


class Listed(Strict):
    """Areas on a list, and where the list comes from."""

    areas: tuple[Area, ...]
    sample: bool = False
    source: str
    label: Label


class Absent(Listed):
    """Areas in which an agency of a kind and level is missing."""

    kind: str
    level: Level


class Office(Strict):
    """Which law office sends the vice principal."""

    kind: LawOffice
    source: str
    label: Label


class Offices(Strict):
    by_school: dict[Annotated[str, Field(pattern=r"^/[a-z_]+/\d{6}/\S+$")], Office]
    by_area: dict[Area, Office]
    otherwise: Office


class Local(Strict):
    """The whole file `local.yaml`."""

    exists: dict[str, Listed]
    absent: tuple[Absent, ...]
    law_vice_principal: Offices
    flags: dict[str, Listed]

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        faults = [f"exists.{name}: no kind with listed: true" for name in self.exists if not _listed(name)]
        for n, gone in enumerate(self.absent, 1):
            if gone.kind not in KINDS or gone.level not in KINDS[gone.kind].offices:
                faults.append(f"absent[{n}]: no kind of the directory with this level")
        for where, areas in self._areas():
            faults += [f"{where}: not an area of Jilin (entry {n})" for n, a in enumerate(areas, 1) if not _known(a)]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def where(self, kind: str) -> tuple[str, ...]:
        """Where a listed kind exists."""
        return self.exists[kind].areas if kind in self.exists else ()

    def gone(self, kind: str, level: Level) -> Iterator[Absent]:
        """The lists that say that this kind is missing at this level."""
        return (each for each in self.absent if each.kind == kind and each.level == level)

    def _areas(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from ((f"exists.{name}", each.areas) for name, each in self.exists.items())
        yield from ((f"flags.{name}", each.areas) for name, each in self.flags.items())
        yield from ((f"absent[{n}]", each.areas) for n, each in enumerate(self.absent, 1))
        yield "law_vice_principal.by_area", tuple(self.law_vice_principal.by_area)


@cache
def local() -> Local:
    """The lists of this installation."""
    return read_packaged("local.yaml", Local)


def flagged(flag: str, code: str | None, on: date) -> bool:
    """Whether an area, or the county or city it lies in, carries a flag: monitoring_priority, border, old_revolutionary_base."""
    return territory().lies_in(code, local().flags[flag].areas, on)


def law_vice_principal_office(school: str | None, area: str | None, on: date) -> Office:
    """Which office sends the vice principal of a school (its path, if known) in an area (domain analysis 3, notation, E40)."""
    offices = local().law_vice_principal
    if school in offices.by_school:
        return offices.by_school[school]
    for code in (area, territory().county(area), territory().city(area, on)):
        if code in offices.by_area:
            return offices.by_area[code]
    return offices.otherwise


def _listed(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].listed


def _known(area: str) -> bool:
    land = territory()
    return land.county(area) is not None or area in (*land.cities, land.province)
