"""Which edition of the law holds when: the one in force at an event's T, and the one that a case keeps. No query per event.

An activation can only be approved before its day begins, so a look at the database once a day, after midnight in Jilin, would be
enough to switch exactly at 00:00; it is made every minute for the sake of holiday notices.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from events.catalogue import CATALOGUE
from services.access.db import Db
from services.chassis.context import Context
from services.law.calendar import Calendar, HolidayYear, local_day
from services.law.rulebook_file import RulebookFault, files_in
from services.referral import editions
from services.referral.activation import Activation, in_force
from services.referral.deadlines import know_profiles
from services.referral.decide import Law
from services.referral.edition import Edition
from services.referral.read_rulebook import packaged_edition, read_edition

log = structlog.get_logger()
LOOK_EVERY = timedelta(minutes=1)


def edition_at(rulebook: Path | None) -> Edition:
    """The edition of a directory, the packaged one without. Raises RulebookFault with all faults."""
    return read_edition(files_in(rulebook)) if rulebook else packaged_edition()


def law_from(edition: Edition, calendar: Calendar | None = None) -> Law:
    """An edition as decisions take it."""
    if edition is not packaged_edition():
        know_profiles(edition.profiles)
    return Law(edition.rulebook, calendar or edition.calendar(), lambda row: CATALOGUE[f"{row}.v1"], edition.profiles)


class Laws:
    """Every edition that is needed, as a law. `base` holds until the first activation; `fixed` is a law that never changes."""

    def __init__(self, base: Edition | None = None, fixed: Law | None = None) -> None:
        held = law_from(base) if base is not None else fixed
        if held is None or (base is not None and fixed is not None):
            raise ValueError("laws rest on a base edition or on one fixed law")
        self._base, self._held = base, held
        self._laws: dict[str, Law] = {self._held.rulebook.edition: self._held}
        self._notices: dict[str, tuple[HolidayYear, ...]] = {}
        self._activations: list[Activation] = []
        self._looked: datetime | None = None
        self._unreadable: set[str] = set()
        self.years: dict[int, HolidayYear] = {n.year: n for n in (base.notices if base else ())}
        self.calendar = self._held.calendar

    async def open(self, db: Db, now: datetime) -> None:
        """Keep the base edition in the database and read what is in force. Raises RulebookFault if that cannot be read."""
        if self._base is None:
            return
        await editions.store_edition(db, self._base.id, self._base.files, "installation", now)
        await self.ready(db, now)
        holding = in_force(await editions.activations(db), local_day(now))
        if holding is not None and holding.edition not in self._laws:
            await self._load(db, holding.edition)

    async def ready(self, db: Db, now: datetime, cases: Iterable[str] = ()) -> None:
        """Before `at` and `of`: look what is in force if that was long ago, and read the editions that these cases keep."""
        if self._base is None:
            return
        if self._looked is None or not self._fresh(self._looked, now):
            await self._look(db, now)
        for edition in set(cases) - self._laws.keys() - self._unreadable:
            await self._try(db, edition)

    def at(self, moment: datetime) -> Law:
        """The law that holds at a moment (an event's T)."""
        holding = in_force(self._activations, local_day(moment))
        return self._held if holding is None else self._laws[holding.edition]

    def of(self, edition: str, now: datetime) -> Law:
        """The law under which a case was decided; one that nobody can read any more is replaced by the one in force."""
        return self._laws.get(edition) or self.at(now)

    def _fresh(self, looked: datetime, now: datetime) -> bool:
        return looked <= now < looked + LOOK_EVERY and local_day(looked) == local_day(now)

    async def _look(self, db: Db, now: datetime) -> None:
        known = await editions.activations(db)
        for edition in {a.edition for a in known if a.state == "approved"} - self._laws.keys() - self._unreadable:
            await self._try(db, edition)
        self._activations = [a for a in known if a.edition in self._laws]
        self._count_days(await editions.notices(db), now)
        self._looked = now

    def _count_days(self, loaded: Iterable[HolidayYear], now: datetime) -> None:
        """The newest notice of each year: loaded by itself, else of the edition in force, else of the base."""
        holding = in_force(self._activations, local_day(now))
        own = self._notices.get(holding.edition, ()) if holding else ()
        years = {n.year: n for n in (*(self._base.notices if self._base else ()), *own, *loaded)}
        calendar, self.years = Calendar.of(years.values()), years
        if calendar != self.calendar:
            self.calendar = calendar
            self._laws = {name: replace(law, calendar=calendar) for name, law in self._laws.items()}
            self._held = self._laws[self._held.rulebook.edition]

    async def _try(self, db: Db, edition: str) -> None:
        try:
            await self._load(db, edition)
        except RulebookFault as fault:  # this version of the programme cannot read it: the running edition stays
            self._unreadable.add(edition)
            log.critical("edition cannot be read, another one stays in force", edition=edition, faults=fault.faults)

    async def _load(self, db: Db, edition: str) -> None:
        files = await editions.files_of(db, edition)
        if files is None:
            raise RulebookFault([f"{edition}: not loaded, expected one of shouhu rulebook list"])
        read = read_edition(files)
        self._notices[edition] = read.notices
        self._laws[edition] = law_from(read, self.calendar)


def laws_of(context: Context) -> Laws:
    """The laws of a process; in a simulation the one law in `extras`."""
    found: Laws | None = context.extras.get("laws")
    if found is None:
        found = context.extras["laws"] = Laws(fixed=context.extras["law"])
    return found
