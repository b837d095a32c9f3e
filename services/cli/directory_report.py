"""What `shouhu directory check` says: in lines for people, in JSON for programs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis.clock import SHANGHAI
from services.directory.agencies import KINDS, agency_name
from services.directory.local import local
from services.directory.posts import Post, parse_post
from services.directory.territory import territory
from services.notifier.coverage import Coverage, Missing
from services.notifier.roster_ahead import PostAhead
from services.notifier.roster_store import Doubtful


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is not covered, and what is only worth knowing."""

    found: Coverage
    missing: Sequence[Missing]
    rosters: Sequence[PostAhead]
    doubtful: Sequence[Doubtful]

    @property
    def impossible(self) -> list[Doubtful]:
        return [each for each in self.doubtful if each.why == "impossible"]

    @property
    def clean(self) -> bool:
        """Whether nobody has to act."""
        ahead = any(post.holes or post.strangers for post in self.rosters)
        nobody = any(each.stands_in is None for each in self.missing)
        return self.found.complete and not (ahead or nobody or self.impossible)


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs; times in UTC."""
    found = report.found
    return {
        "posts": found.posts,
        "held": found.posts - len(found.empty),
        "empty": [post.key for post in found.empty],
        "unreachable": [post.key for post in found.unreachable],
        "abandoned": list(found.abandoned),
        "missing": [
            {"kind": each.kind, "level": each.level, "areas": list(each.areas),
             "stands_in": f"{each.stands_in.kind}@{each.stands_in.level}" if each.stands_in else None}
            for each in report.missing
        ],
        "holes": [
            {"post": post.made.post.key, "from": hole.begins.isoformat(), "to": hole.ends.isoformat(),
             "away": list(hole.duty.away), "stands_in": post.stands_in.key if post.stands_in else None}
            for post in report.rosters for hole in post.holes
        ],
        "strangers": [{"post": post.made.post.key, "people": list(post.strangers)} for post in report.rosters if post.strangers],
        "impossible": [_contact(each) for each in report.impossible],
        "unverified": [_contact(each) for each in report.doubtful if each.why == "unverified"],
        "unconfirmed": _unconfirmed(),
    }  # fmt: skip


def lines(report: Report) -> Iterator[str]:
    """The report for people, what is worst first."""
    found = report.found
    held = found.posts - len(found.empty)
    yield f"岗位 {found.posts},有人 {held} · {found.posts} posts, {held} held"
    for code in found.abandoned:
        yield f"兜底岗位无人 · not even a fallback owner: {territory().name(code)} {code}"
    for title, posts in (("无人 · nobody", found.empty), ("无联系方式 · no contact", found.unreachable)):
        yield from (f"{title}: {line}" for line in _grouped(posts))
    for post in report.rosters:
        name, instead = named(post.made.post), named(post.stands_in) if post.stands_in else "无人 nobody"
        for hole in post.holes:
            yield f"空班 · hole: {name} {span(hole.begins, hole.ends)} → {instead}"
        if post.strangers:
            yield f"班表中的人员不在该岗位 · in the plan, not at the post: {name} {'、'.join(post.strangers)}"
    for each in report.impossible:
        yield f"号码不可能存在 · a number that cannot exist: {named(parse_post(each.post))} {each.person} {each.channel}"
    unverified = {each.person for each in report.doubtful if each.why == "unverified"}
    if unverified:
        yield f"联系方式均未验证 · no verified contact: {len(unverified)} 人 people (shouhu directory verify)"
    for gone in report.missing:
        instead = (
            f"{KINDS[gone.stands_in.kind].zh} {gone.stands_in.kind}@{gone.stands_in.level}"
            if gone.stands_in
            else "无人 nobody"
        )
        yield f"未设机构 · no such agency: {KINDS[gone.kind].zh} {gone.kind}@{gone.level} {_areas(gone.areas)} → {instead}"
    for line in _unconfirmed():
        yield f"样例或未核实的清单 · sample or unverified list: {line}"


def named(post: Post) -> str:
    """A post as people say it."""
    return f"{agency_name(post.agency)}{post.name()} {post.key}"


def span(begins: datetime, ends: datetime) -> str:
    """A stretch of time on Jilin's clocks."""
    first, last = begins.astimezone(SHANGHAI), ends.astimezone(SHANGHAI)
    return (
        f"{first:%m-%d %H:%M}–{last:%H:%M}"
        if first.date() == last.date()
        else f"{first:%m-%d %H:%M}–{last:%m-%d %H:%M}"
    )


def _contact(each: Doubtful) -> dict[str, str]:
    return {"post": each.post, "person": each.person, "channel": each.channel}


def _unconfirmed() -> list[str]:
    """The province's own lists that are samples or not verified yet."""
    kept = {
        **{f"exists.{k}": v for k, v in local().exists.items()},
        **{f"flags.{k}": v for k, v in local().flags.items()},
    }
    return [f"{name} ({each.source})" for name, each in kept.items() if each.sample or each.label == "unverified"]


def _grouped(posts: Iterable[Post]) -> Iterator[str]:
    """One line per kind, level and function, so that nine thousand empty posts stay readable."""
    groups: dict[tuple[str, str, str], list[Post]] = defaultdict(list)
    for post in posts:
        groups[post.agency.kind, post.agency.level, post.function].append(post)
    for (kind, level, function), held in groups.items():
        yield f"{KINDS[kind].zh}{held[0].name()} {kind}@{level} {function}: {_areas([p.agency.area for p in held])}"


def _areas(codes: Sequence[str]) -> str:
    more = "" if len(codes) <= 5 else f" … +{len(codes) - 5}"
    return "、".join(territory().name(code) for code in codes[:5]) + more
