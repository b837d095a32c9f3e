"""Policy finds the person (政策找人, domain section 6): which items and programmes a child is due, by whom to be given. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from events.referral import Basis
from services.referral.eligibility import Areas, Asked, Eligibility
from services.referral.matching import first_failure
from services.referral.rules import Condition
from services.referral.service_list import Alternatives, Department, Item, Programme, ServiceList, Verdict

# On these everything is matched (PROP); the comparisons of T06 and T08 ask under their own name.
COMPARISON = "comparison"
TRIGGERS = frozenset({
    "child.migrant.identified", "child.left_behind.identified", "residence.permit.registered", "residence.permit.missing",
    "child.mobility.changed", "child.distressed.identified", "child.disability.certified", "child.serious_illness",
    "livelihood.difficulty", "benefit.decided", COMPARISON,
})  # fmt: skip
BEREAVED, SCREENING = "guardian.deceased", 20  # A§2.8, B-T2: on a death only the screening of the bereaved child's mind
FOUND = "service.match.found"
CONSENT_FOR = {"charity_federation": "charity", "social_org": "social_org"}
R14 = (Basis(source="A", clause="2.5", label="policy"), Basis(source="B", clause="T9", label="policy"))
Code = int | str


@dataclass(frozen=True)
class Due:
    """What one kind of agency at one place is asked: its items, those of them that wait for consent, and why."""

    kind: str
    level: str | None
    where: str
    items: tuple[Code, ...] = ()
    consent_pending: tuple[Code, ...] = ()
    rules: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = ()
    sealed: bool = False  # an item rests on a C4 fact: named posts only (R7)


@dataclass(frozen=True)
class Match:
    """What a child is due. `row_items` belong to a kind that the event's own row tells; `not_known` names the facts that are missing."""

    due: tuple[Due, ...] = ()
    digest: tuple[Code, ...] = ()
    not_known: Mapping[Code, tuple[str, ...]] = field(default_factory=dict)
    dropped: tuple[Code, ...] = ()  # due, but already enjoyed
    row_items: tuple[tuple[str, Code], ...] = ()

    @property
    def items(self) -> tuple[Code, ...]:
        """Every item and programme that makes a referral."""
        return in_order({*(code for due in self.due for code in due.items), *(code for _, code in self.row_items)})


def in_order(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Items by number, then programmes by code."""
    return tuple(sorted(codes, key=lambda code: (isinstance(code, str), str(code).zfill(3))))


def runs_on(services: ServiceList, row: str) -> bool:
    """Whether anything is matched on an event type."""
    return row in TRIGGERS or row in (BEREAVED, FOUND) or any(row in p.events for p in services.programmes)


def match(services: ServiceList, asked: Asked) -> Match:
    """Everything that this child is due on this event: items already enjoyed are dropped, digest items never become referrals."""
    if asked.row == FOUND:
        return _told(services, asked)
    facts = Eligibility(asked)
    matched = _Matched(facts, asked)
    items = services.in_force(asked.areas.get("res"), asked.on)
    if asked.row in TRIGGERS:
        for item in items:
            matched.item(item)
    elif asked.row == BEREAVED:
        for item in items:
            if item.number == SCREENING:
                matched.item(item)
    for programme in services.programmes:
        matched.programme(programme)
    return matched.result()


def _told(services: ServiceList, asked: Asked) -> Match:
    """E78: somebody else matched already; its list names the items."""
    matched = _Matched(Eligibility(asked), asked)
    wanted = {*(asked.data.get("list_items") or ()), *(asked.data.get("digest_items") or ())}
    for item in services.in_force(asked.areas.get("res"), asked.on):
        if item.number in wanted:
            matched.put(item.number, item.form, item.to, item.basis, sealed=bool(_sealing(item, matched.facts)))
    for programme in services.programmes:
        if programme.code in wanted and programme.form != "item":
            matched.put(programme.code, programme.form, programme.to, programme.basis, programme.consent, programme.aid)
    return matched.result()


def judge(alternatives: Alternatives, facts: Mapping[str, Any]) -> tuple[Verdict, tuple[str, ...]]:
    """Whether one alternative holds; if not, which unknown facts could still make one hold."""
    missing: list[str] = []
    for conditions in alternatives:
        if first_failure(conditions, facts) is None:
            return "yes", ()
        unknown = [name for name, condition in conditions.items() if is_open(condition, facts.get(name))]
        if not any(_is_not(condition, facts.get(name)) for name, condition in conditions.items()):
            missing += unknown
    if not alternatives:
        return "yes", ()
    return ("unknown", tuple(dict.fromkeys(missing))) if missing else ("no", ())


def is_open(condition: Condition, value: Any) -> bool:
    """Whether a condition fails only because the fact is unknown."""
    return value is None and not condition.holds(value)


def _is_not(condition: Condition, value: Any) -> bool:
    return value is not None and not condition.holds(value)


def judge_item(item: Item, facts: Mapping[str, Any]) -> tuple[Verdict, tuple[str, ...]]:
    """Whether a child is due an item: first whether the item is for such a child at all, then its conditions."""
    if facts["migrant"] is True or item.scope == "all":
        return judge(item.conditions, facts)
    if item.scope == "B" and (facts["left_behind"] is True or facts["distressed"] is True):
        return judge(item.conditions_b or item.conditions, facts)
    return "no", ()


def judge_programme(programme: Programme, row: str, facts: Mapping[str, Any]) -> tuple[Verdict, tuple[str, ...]]:
    """Whether a child is due a programme on an event: it runs on that event, or with every match, and its trigger holds."""
    if programme.form == "item" or row not in (programme.events or TRIGGERS):
        return "no", ()
    return judge(programme.conditions, facts)


def _sealing(item: Item, facts: Mapping[str, Any]) -> list[str]:
    return [name for name in item.sealed_by if facts[name] is True]


class _Matched:
    """Gathers what is due, agency by agency."""

    def __init__(self, facts: Eligibility, asked: Asked) -> None:
        self.facts, self.asked = facts, asked
        self.enjoyed = set(asked.child.get("enjoyed") or ())
        self.consents = set(asked.child.get("consent") or ())
        self.dues: dict[tuple[str, str | None, str], Due] = {}
        self.digest: list[Code] = []
        self.not_known: dict[Code, tuple[str, ...]] = {}
        self.dropped: list[Code] = []
        self.row_items: list[tuple[str, Code]] = []

    def item(self, item: Item) -> None:
        """Take in an item if the child is due it."""
        verdict, missing = judge_item(item, self.facts)
        if verdict == "unknown":
            self.not_known[item.number] = missing
        elif verdict == "yes":
            self.put(item.number, item.form, item.to, item.basis, sealed=bool(_sealing(item, self.facts)))

    def programme(self, programme: Programme) -> None:
        """Take in a programme if its trigger holds."""
        if programme.form == "later":
            return
        verdict, missing = judge_programme(programme, self.asked.row, self.facts)
        if verdict == "unknown" and programme.form != "digest":
            self.not_known[programme.code] = missing
        elif verdict == "yes":
            self.put(programme.code, programme.form, programme.to, programme.basis, programme.consent, programme.aid)

    def put(self, code: Code, form: str, to: tuple[Department, ...], basis: tuple[Basis, ...], consent: bool = False,
            aid: bool = False, *, sealed: bool = False) -> None:  # fmt: skip
        """Ask those departments whose own conditions hold; a digest item asks nobody."""
        if code in self.enjoyed:
            self.dropped.append(code)
            return
        if form == "digest":
            self.digest.append(code)
            return
        if form == "row":
            self.row_items += [(department.kind, code) for department in to]
            return
        rule = f"service.{code}" if isinstance(code, str) else f"service.item-{code}"
        for department in to:
            if first_failure(department.when, self.facts) is None:
                asks = consent and CONSENT_FOR.get(department.kind, "charity") not in self.consents
                pending = (code,) if asks else ()
                self._add(
                    Due(department.kind, department.level, department.where, (code,), pending, (rule,), basis, sealed)
                )
        if aid and not sealed:
            self._add(Due("township_government", "township", "res", rules=("service.R14",), basis=R14))

    def _add(self, due: Due) -> None:
        key = (due.kind, due.level, due.where)
        known = self.dues.get(key)
        self.dues[key] = due if known is None else together(known, due)

    def result(self) -> Match:
        """The whole match."""
        return Match(
            tuple(self.dues.values()),
            in_order(self.digest),
            self.not_known,
            in_order(self.dropped),
            tuple(self.row_items),
        )


def together(first: Due, second: Due) -> Due:
    """What two matches ask of one agency, as one."""
    return replace(
        first, items=in_order({*first.items, *second.items}), consent_pending=in_order({*first.consent_pending, *second.consent_pending}),
        rules=tuple(dict.fromkeys(first.rules + second.rules)), basis=tuple(dict.fromkeys(first.basis + second.basis)),
        sealed=first.sealed or second.sealed,
    )  # fmt: skip


def explained(found: Match | None) -> dict[str, Any] | None:
    """A match for people: what is due to whom, what is only told, which facts are missing for what; None where none was run."""
    if found is None:
        return None
    return {
        "due": [{"kind": due.kind, "where": due.where, "items": list(due.items), "waits_for_consent": list(due.consent_pending)}
                for due in found.due if due.items],
        "told": list(found.digest), "enjoyed": list(found.dropped),
        "not_known": [{"item": code, "facts": list(facts)} for code, facts in found.not_known.items()],
    }  # fmt: skip


def areas_for(residence: str | None, hukou: str | None) -> Areas:
    """Areas where no event gives them: a comparison."""
    return {"res": residence, "huk": hukou, "occ": residence}
