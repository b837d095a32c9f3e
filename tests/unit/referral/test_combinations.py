"""Which conditions can hold together: the same answer as trying every value with every other, and an end to what cannot be followed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referral.combinations import Found, TooMany, term, together
from services.referral.fact_values import Values
from services.referral.rules import Condition, SeverityRule

FACTS = {
    "a": Values((True, False), optional=True),
    "b": Values(("x", "y"), optional=False),
    "n": Values(None, optional=True),
}
CONDITIONS = {
    "a": [Condition(equals=True), Condition(equals=False, unknown="match")],
    "b": [Condition(equals="x"), Condition(any_of=("x", "y"))],
    "n": [Condition(below=6), Condition(at_least=6), Condition(below=14)],
    "severity": [Condition(equals="HIGH"), Condition(equals="LOW")],
}
RATED = SeverityRule.model_validate({
    "event": ["e"], "default": "LOW", "cases": [{"severity": "HIGH", "when": {"a": {"equals": True}}}],
    "basis": [{"source": "PROP", "clause": "x", "label": "default"}],
})  # fmt: skip
terms = st.lists(
    st.dictionaries(st.sampled_from(sorted(CONDITIONS)), st.integers(0, 1), max_size=3).map(
        lambda chosen: {name: CONDITIONS[name][n] for name, n in chosen.items()}
    ),
    max_size=4,
)


@given(terms)
def test_it_finds_what_trying_everything_finds(conditions: list[dict[str, Condition]]) -> None:
    found = {one.hold for one in together([term(one) for one in conditions], RATED, FACTS)}
    tried = set()
    for a, b, n in product([True, False, None], ["x", "y"], [None, 5, 6, 13, 14]):
        facts = {"a": a, "b": b, "n": n, "severity": "HIGH" if a is True else "LOW"}
        tried.add(frozenset(i for i, one in enumerate(conditions) if all(c.holds(facts[k]) for k, c in one.items())))
    assert found == tried


def test_the_example_is_one() -> None:
    both = term({"severity": Condition(equals="HIGH"), "n": Condition(below=6)})
    example = next(one for one in together([both], RATED, FACTS) if one.hold)
    assert example == Found(frozenset({0}), "HIGH", {"severity": "HIGH", "a": True, "n": 5})


def test_what_cannot_be_followed_is_said_and_not_cut_off() -> None:
    many = [term({f"f{n}": Condition(equals=True)}) for n in range(20)]
    with pytest.raises(TooMany):
        together(many, None, {f"f{n}": Values((True, False), optional=False) for n in range(20)})
