"""Providers that refuse, time out, lie and die: every critical referral reaches a person or climbs to the top. `make faults` runs more of it."""

import pytest

from infra.bench.faults.climbed import table
from infra.bench.faults.sick_providers import Plan, main


@pytest.mark.parametrize("seed", [2, 3])
async def test_every_critical_referral_reaches_a_person_or_climbs_to_the_top(seed: int) -> None:
    account = await main(Plan(events=4, seed=seed))
    assert account.referrals >= 12
    assert account.lost == [], table(account)
    assert account.unfinished == [], table(account)
    assert account.twice == 0, table(account)
    assert account.believed == 0, table(account)
    assert account.silent_lies > 0, "nobody lied: the run proves nothing"
    assert account.good
