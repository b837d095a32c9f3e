"""The parts of the law that several services read: the calendar, and how a file of the rulebook is read."""

from pathlib import Path

PACKAGED = Path(__file__).parent.parent / "referral" / "rulebook"  # the rulebook that comes with the product
