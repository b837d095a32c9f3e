"""How phones and providers are told to behave: the last word that agrees counts."""

from datetime import UTC, datetime, timedelta

import pytest

from services.phone.behaviour import Behaviour, Behaviours, Mode, Provider
from services.phone.limits import Limit, Limits

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def behaviours(*settings: Behaviour) -> Behaviours:
    made = Behaviours()
    for each in settings:
        made.set(each)
    return made


@pytest.mark.parametrize(
    ("to", "channel", "provider", "mode"),
    [
        ("1", "sms", "aliyun-sms", "refuse"),
        ("2", "sms", "aliyun-sms", "half_dead"),
        ("2", "sms", "tencent-sms", "slow"),
        ("2", "wecom", "wecom", "take"),
    ],
)
def test_a_setting_speaks_of_whom_it_names(to: str, channel: str, provider: Provider, mode: Mode) -> None:
    made = behaviours(
        Behaviour(mode="slow", channel="sms"),
        Behaviour(mode="half_dead", provider="aliyun-sms"),
        Behaviour(mode="refuse", to="1"),
    )
    assert made.of(to, channel, provider).mode == mode


def test_take_for_everybody_ends_all() -> None:
    made = behaviours(Behaviour(mode="refuse", to="1"), Behaviour(mode="take"))
    assert made.settings == []
    assert made.of("1", "sms", "json").mode == "take"


def test_a_setting_for_one_contact_says_nothing_about_the_provider() -> None:
    made = behaviours(Behaviour(mode="half_dead", to="1"), Behaviour(mode="slow", provider="wecom", seconds=1))
    assert made.of_provider("wecom", "wecom").mode == "slow"
    assert made.of_provider("aliyun-sms", "sms").mode == "take"


def test_a_number_may_be_told_so_often_in_a_minute_and_others_as_often() -> None:
    limits = Limits()
    limits.set(Limit(provider="aliyun-sms", minute=2))
    taken = [limits.hit("aliyun-sms", "1", NOW + timedelta(seconds=seconds)) for seconds in (0, 1, 2, 61)]
    assert taken == [None, None, "minute", None]
    assert limits.hit("aliyun-sms", "2", NOW) is None
    assert limits.hit("tencent-sms", "1", NOW) is None


def test_an_account_has_a_limit_over_all_numbers() -> None:
    limits = Limits()
    limits.set(Limit(provider="wecom", second=2))
    assert [limits.hit("wecom", str(n), NOW) for n in range(3)] == [None, None, "second"]
    assert limits.hit("wecom", "9", NOW + timedelta(seconds=1)) is None


def test_what_was_refused_does_not_count() -> None:
    limits = Limits()
    limits.set(Limit(provider="wecom", hour=1, day=2))
    moments = [NOW + timedelta(minutes=minutes) for minutes in (0, 30, 61, 130)]
    assert [limits.hit("wecom", "1", at) for at in moments] == [None, "hour", None, "day"]
