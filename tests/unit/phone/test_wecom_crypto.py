"""What is sealed for a callback opens to whoever has its secrets, and to nobody else; wechatpy agrees."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from services.phone import sample
from services.phone.providers.wecom_crypto import NotSealed, Seal, sealed_in

SEAL = Seal(sample.WECOM_TOKEN, sample.WECOM_AES_KEY, sample.WECOM_CORP)
THEIRS = WeChatCrypto(sample.WECOM_TOKEN, sample.WECOM_AES_KEY, sample.WECOM_CORP)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_others_open_what_we_seal_and_we_open_what_they_seal(text: str) -> None:
    sealed = SEAL.close(text)
    assert THEIRS.check_signature(SEAL.signature("1", "n", sealed), "1", "n", sealed) == text
    assert SEAL.opened_answer(THEIRS.encrypt_message(text, "n", "1")) == text


@pytest.mark.parametrize("other", [{"token": "x"}, {"corp": "x"}])
def test_other_secrets_do_not_open_it(other: dict[str, str]) -> None:
    sealed = SEAL.close("签收")
    signature = SEAL.signature("1", "n", sealed)
    with pytest.raises(NotSealed):
        replace(SEAL, **other).open(sealed, signature, "1", "n")


@pytest.mark.parametrize("body", ["", "<xml/>", "<xml><Encrypt/></xml>", "no xml"])
def test_what_is_no_envelope_is_refused(body: str) -> None:
    with pytest.raises(NotSealed):
        sealed_in(body)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", "A" * 64])
def test_what_is_not_sealed_is_refused_even_with_a_right_signature(sealed: str) -> None:
    with pytest.raises(NotSealed):
        SEAL.open(sealed, SEAL.signature("1", "n", sealed), "1", "n")
