"""What `shouhu rulebook check` proves about an edition beside what reading it proves (shape, citations, their dates). Pure.

Known words, examples, one row for each situation, one who is responsible, somebody in every county, every event type reached.
"""

from collections.abc import Mapping
from datetime import date

from events.data import EventData
from services.referral.check_coverage import coverage, days_to_check
from services.referral.check_offices import offices, released
from services.referral.check_rules import each_rule
from services.referral.edition import Edition
from services.referral.fact_values import facts_of


def check(edition: Edition, catalogue: Mapping[str, type[EventData]]) -> list[str]:
    """Every fault, one line each: file and line, entry, field, what is wrong and what was expected."""
    known = facts_of(catalogue)
    types = {name.rsplit(".v", 1)[0]: model for name, model in catalogue.items()}
    days = days_to_check(edition.rulebook)
    found = [
        *each_rule(edition, known),
        *coverage(edition.rulebook, known),
        *offices(edition, days[0]),
        *released(edition, known, types),
    ]
    return list(dict.fromkeys(finding.line(edition) for finding in found))


def next_year_missing(edition: Edition, today: date) -> list[str]:
    """From 1 December on, a warning when the next year's holiday notice is not among the edition's files (T31); this year's at any time."""
    wanted = [today.year, *([today.year + 1] if today.month == 12 else [])]
    return [
        f"calendar/{year}.yaml:1: warning: the holiday notice of {year} is not loaded, due times beyond it are provisional; "
        "expected a file, or shouhu calendar load"
        for year in wanted
        if year not in edition.calendar().years
    ]


NOTES = {
    "amended": "a later text is in force than the one that was read; expected somebody who reads it and checks what cites it",
    "repealed": "it is no longer in force; expected its successor",
    "lapse_review": "its own time is over and no successor is loaded; its duties go on until somebody decides, expected a successor",
}


def sources_to_review(edition: Edition) -> list[str]:
    """A note, no fault, for each source that a person should look at again: file and line, which it is, why, last checked when."""
    return [
        f"{edition.place(source.id, 'status')}: note: {source.id} {source.title}: {source.status}: {NOTES[source.status]} "
        f"(last checked {source.last_checked})"
        for source in edition.rulebook.sources.values()
        if source.status in NOTES
    ]
