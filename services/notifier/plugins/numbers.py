"""Telephone numbers as providers want them. Pure."""

import re


def national(number: str) -> str:
    """A mainland number without its country code; any other number as it is, without spaces and hyphens."""
    bare = re.sub(r"[\s()-]", "", number)
    found = re.fullmatch(r"(?:\+86|0086|86)(1\d{10})", bare)
    return found.group(1) if found else bare


def e164(number: str) -> str:
    """`+8613800000000`; a number that says its country keeps it."""
    bare = national(number)
    return bare if bare.startswith("+") else f"+86{bare}"
