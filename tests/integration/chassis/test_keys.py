"""A process that lacks a key which the database needs does not start."""

from pathlib import Path

import pytest

from services.chassis.context import Context
from services.chassis.seal import KeyMissing, check_keys, load_seal


async def test_a_missing_key_is_named_at_the_start(context: Context, tmp_path: Path) -> None:
    await check_keys(context.seal, context.pool)
    await check_keys(context.seal, context.pool)
    (seal_key,) = (name for name, purpose in context.seal.used.items() if purpose == "seal")
    with pytest.raises(KeyMissing, match=f"seal key {seal_key}"):
        await check_keys(load_seal(tmp_path / "another machine"), context.pool)
