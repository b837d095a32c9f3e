"""Telephone numbers: which of them cannot exist in China, so that nobody waits for one to ring."""

import re

_CHINA = re.compile(r"(?:\+86|0086|86(?=1\d{10}$))?(\d+)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# Area code and number, 400 and 800, and the short numbers of services such as 110, 12345, 95598.
_LINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}|[48]00\d{7}|1[12]\d{1,3}|9\d{4}")


def cannot_exist(channel: str, contact: str) -> bool:
    """Whether a contact is a number that cannot be anybody's: for `sms` no mobile number, for `voice` no number at all.

    Numbers of other countries and WeCom accounts are not judged.
    """
    found = _CHINA.fullmatch(contact)
    if channel == "wecom" or found is None:
        return False
    mobile = _MOBILE.fullmatch(found[1]) is not None
    return not mobile if channel == "sms" else not (mobile or _LINE.fullmatch(found[1]))
