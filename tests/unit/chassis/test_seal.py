"""Sealed fields open for their own purpose only; keys are made once and never replaced in silence."""

import stat
from pathlib import Path

import pytest

from services.chassis.seal import KeyMissing, Unsealable, load_seal


def test_what_was_sealed_opens_after_a_restart(tmp_path: Path) -> None:
    sealed = load_seal(tmp_path).seal(b"220122201001010011", "vault|document|7")
    assert b"220122" not in sealed
    assert load_seal(tmp_path).open(sealed, "vault|document|7") == b"220122201001010011"


def test_a_sealed_value_does_not_open_in_another_place_or_changed(tmp_path: Path) -> None:
    seal = load_seal(tmp_path)
    sealed = seal.seal(b"x", "a|1")
    for value, aad in ((sealed, "a|2"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), "a|1")):
        with pytest.raises(Unsealable):
            seal.open(value, aad)


def test_a_value_whose_key_is_gone_names_the_key(tmp_path: Path) -> None:
    sealed = load_seal(tmp_path / "one").seal(b"x", "a")
    with pytest.raises(KeyMissing, match=sealed[:4].hex()):
        load_seal(tmp_path / "two").open(sealed, "a")


def test_equal_texts_have_equal_fingerprints_in_one_installation_only(tmp_path: Path) -> None:
    one, two = load_seal(tmp_path / "one"), load_seal(tmp_path / "two")
    assert one.fingerprint("a") == load_seal(tmp_path / "one").fingerprint("a") != one.fingerprint("b")
    assert one.fingerprint("a") != two.fingerprint("a")


def test_keys_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    load_seal(tmp_path)
    files = sorted((tmp_path / "keys").glob("*.key"))
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
