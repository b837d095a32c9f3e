"""Where a shift plan leaves a post to whoever stands in, before it happens. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from services.directory.duty import Duty, Span, spans
from services.directory.kinds import KINDS
from services.directory.posts import Post
from services.directory.roster_entries import PostPlan
from services.directory.shifts import DAY, Leave
from services.law.calendar import BUSINESS_CLOSE, Calendar, at_local, local_day

OFFICE_OPENS = time(8, 30)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a post's time: who has it in which shift; `hole` = nobody, others stand in.

    `expected`: the kind's duty calendar (domain analysis 2.5) wants somebody there then, so that a hole is a fault.
    """

    post: Post
    begins: datetime
    ends: datetime
    duty: Duty
    expected: bool
    provisional: bool = False  # the year's holiday notice is not loaded: working days are Monday to Friday

    @property
    def hole(self) -> bool:
        return not self.duty.turns


def stretches(
    made: PostPlan,
    holders: Collection[str],
    leave: Sequence[Leave],
    calendar: Calendar,
    begins: datetime,
    ends: datetime,
) -> Iterator[Stretch]:
    """A post's time between two moments. Of the plan's people those count who hold the post (`holders`: their ids)."""
    open_: Stretch | None = None
    for span in spans(made.plan, leave, calendar, begins, ends):
        turns = tuple(turn for turn in span.duty.turns if turn.person in holders)
        duty = Duty(turns, span.duty.away)
        guessed = not calendar.loaded(local_day(span.begins))
        stretch = Stretch(made.post, span.begins, span.ends, duty, expected(made.post, span, calendar), guessed)
        if open_ is not None and open_.hole and stretch.hole and open_.duty == stretch.duty:
            wanted = open_.expected or stretch.expected
            open_ = replace(stretch, begins=open_.begins, expected=wanted)
            continue
        if open_ is not None:
            yield open_
        open_ = stretch
    if open_ is not None:
        yield open_


def expected(post: Post, span: Span, calendar: Calendar) -> bool:
    """Whether somebody should be there at some moment of a span: day and night, or only in office hours of working days.

    A kind on call is expected at any hour: CRITICAL and HIGH come at any hour.
    """
    kind = KINDS.get(post.agency.kind)
    if kind is None or kind.duty != "working_days":
        return True
    return any(begins < span.ends and span.begins < ends for begins, ends in _office_hours(span, calendar))


def strangers(made: PostPlan, holders: Mapping[str, object] | Collection[str]) -> list[str]:
    """Ids that a plan names and who do not hold the post: the plan counts as if they were not there."""
    return sorted(made.plan.named() - set(holders))


def _office_hours(span: Span, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    day: date = local_day(span.begins)
    while day <= local_day(span.ends):
        if calendar.is_working_day(day):
            yield at_local(day, OFFICE_OPENS), at_local(day, BUSINESS_CLOSE)
        day += DAY
