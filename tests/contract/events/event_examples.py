"""The examples of every type, as (type/form, parsed JSON)."""

import json
from pathlib import Path
from typing import Any

import events

HERE = Path(events.__file__).parent
EXAMPLES: dict[str, dict[str, Any]] = {
    f"{file.parent.name}/{file.stem}": json.loads(file.read_text("utf-8"))
    for file in sorted((HERE / "examples").glob("*/*.json"))
}
