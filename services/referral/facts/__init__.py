"""Named facts that rules may ask for, each computed from the event, the case and the moment.

A plain field of the event's data is a fact under its own name. Everything else is a function in a module here, registered by
`@fact`, whose docstring is what policy staff read. A fact that cannot be known is None, never False (domain 1, note 0).
"""

from importlib import import_module
from pkgutil import iter_modules

from services.referral.facts.core import FACTS, SHANGHAI, Facts, Given, as_moment, fact
from services.referral.facts.harm import SITUATIONS, row_of
from services.referral.facts.kinds import MEDICAL, POLICE, SCHOOLS

__all__ = [
    "FACTS",
    "MEDICAL",
    "POLICE",
    "SCHOOLS",
    "SHANGHAI",
    "SITUATIONS",
    "Facts",
    "Given",
    "as_moment",
    "fact",
    "row_of",
]

for _module in iter_modules(__path__):  # a new module of facts registers itself by being here
    import_module(f"{__name__}.{_module.name}")
