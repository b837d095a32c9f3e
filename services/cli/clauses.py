"""The faults of the clause map, held against an edition of the rulebook and everything that the other services have."""

from pathlib import Path

from services.cli.carriers import ROOT, carriers, policy_citations
from services.law.rulebook_file import RulebookFault
from services.referral.clause_citations import citation_faults
from services.referral.clause_map import faults
from services.referral.clause_map_files import read_clause_map
from services.referral.profiles import Profiles
from services.referral.rules import Rulebook


def clause_faults(rulebook: Rulebook, profiles: Profiles, directory: Path | None = None) -> list[str]:
    """Every fault of the clause map, and of citations of a policy text that it does not answer, one line each.

    `directory` is the edition's own if it is not the packaged one; without policy texts there the packaged ones are taken.
    """
    try:
        found, broken = read_clause_map(directory)
    except RulebookFault as fault:
        return fault.faults
    broken += faults(found.texts, found.entries, carriers(rulebook, profiles, found.parts, directory))
    parts = {**found.parts.rules, **found.parts.parts}
    broken += [
        f"clauses/parts.yaml: {n}: at: {p.at} does not exist" for n, p in parts.items() if not (ROOT / p.at).exists()
    ]
    return broken + citation_faults(found.texts, found.entries, policy_citations(rulebook, directory))
