"""What a check found wrong: in which entry, in which of its fields, and what was expected."""

from typing import NamedTuple

from services.referral.edition import Edition, event_severity


class Finding(NamedTuple):
    """`entry`: id of a rule, or an event type; `field`: its place inside the entry; `said`: what is wrong and what was expected."""

    entry: str
    field: tuple[int | str, ...]
    said: str

    def line(self, edition: Edition) -> str:
        """`routing/harm.yaml:12: harm.sexual: to.0.kind: …`."""
        if self.entry in edition.origins:
            place = edition.place(self.entry, *self.field)
        elif event_severity(self.entry) in edition.origins:
            place = edition.place(event_severity(self.entry))
        else:
            place = "routing/"
        return ": ".join(part for part in (place, self.entry, ".".join(map(str, self.field)), self.said) if part)
