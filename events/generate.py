"""`python -m events.generate`: schemas, AsyncAPI document and drawing from the models; refuses to break a version.

`--replace TYPE` overwrites the schema of a type that no release has shipped yet.
"""

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import yaml
from typing_extensions import override

from events.asyncapi import document
from events.flow import drawing
from events.schema import breaks, schemas

HERE = Path(__file__).parent
_NOTE = "# Made by `python -m events.generate` from topics.yaml and the models; edit those.\n"


def outputs() -> dict[str, str]:
    """Path below events/ -> content of everything that is generated."""
    made = {f"schemas/{name}.json": _json(schema) for name, schema in schemas().items()}
    text = yaml.dump(document(), Dumper=_NoAliases, sort_keys=False, allow_unicode=True, width=110)
    made["asyncapi.yaml"] = _NOTE + text
    made["TOPICS.md"] = drawing()
    return made


def refusals(folder: Path, replaced: Collection[str] = ()) -> list[str]:
    """Every change that would break a type whose schema lies in the folder already; a removed type is one, too."""
    found = []
    current = schemas()
    for file in sorted((folder / "schemas").glob("*.json")):
        name = file.name.removesuffix(".json")
        if name in replaced:
            continue
        if name not in current:
            found.append(f"{name}: removed")
            continue
        found += [f"{name}: {why}" for why in breaks(json.loads(file.read_text("utf-8")), current[name])]
    return found


def write(folder: Path, replaced: Collection[str] = ()) -> list[str]:
    """Write everything, or nothing and say why."""
    found = refusals(folder, replaced)
    if found:
        return found
    made = outputs()
    (folder / "schemas").mkdir(exist_ok=True)
    for file in (folder / "schemas").glob("*.json"):
        if f"schemas/{file.name}" not in made:
            file.unlink()
    for path, content in made.items():
        (folder / path).write_text(content, "utf-8")
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 if a version would break."""
    parser = argparse.ArgumentParser(prog="python -m events.generate", description=__doc__)
    parser.add_argument("--replace", action="append", default=[], metavar="TYPE")
    found = write(HERE, parser.parse_args(arguments).replace)
    for fault in found:
        print(f"{fault}. Readers of the old form would fail: make a new version of the type.", file=sys.stderr)
    return 1 if found else 0


class _NoAliases(yaml.SafeDumper):
    """Repeats shared parts in full: an anchor is a riddle to a reader."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
