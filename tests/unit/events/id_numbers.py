"""Numbers with a right check digit, made up for tests."""

from datetime import date

from hypothesis import strategies as st

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(seventeen: str) -> str:
    """GB 11643-1999, written independently of the code under test: the weighted sum of all 18 is 1 modulo 11."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return next(seventeen + last for last in "0123456789X" if (total + (10 if last == "X" else int(last))) % 11 == 1)


def id_number(area: str, born: date, serial: int, small: bool = False) -> str:
    """One whole number."""
    number = with_check_digit(f"{area}{born:%Y%m%d}{serial:03}")
    return number.lower() if small else number


def id_numbers() -> st.SearchStrategy[str]:
    """ID numbers of people of Jilin and elsewhere, born from 1940 to 2026; X small or capital."""
    return st.builds(
        id_number,
        st.sampled_from(["220122", "220322", "222401", "110105", "659001"]),
        st.dates(date(1940, 1, 1), date(2026, 12, 31)),
        st.integers(0, 999),
        st.booleans(),
    )
