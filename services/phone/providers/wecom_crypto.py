"""How WeCom seals what it sends to a callback: AES-256-CBC under the EncodingAESKey, signed with SHA-1 over the token.

Sealed: 16 random octets, the length (4 octets, network order), the text, the receiver's id; PKCS#7 to 32 octets.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class NotSealed(ValueError):
    """The signature is wrong, or what is inside is not for us."""


@dataclass(frozen=True, slots=True)
class Seal:
    """An application's callback secrets: token, EncodingAESKey (43 characters), corp id."""

    token: str
    aes_key: str
    corp: str

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        """`msg_signature` of a sealed text."""
        return hashlib.sha1("".join(sorted((self.token, timestamp, nonce, sealed))).encode()).hexdigest()

    def close(self, text: str) -> str:
        """The text, sealed, in base64."""
        plain = text.encode()
        whole = secrets.token_bytes(16) + len(plain).to_bytes(4, "big") + plain + self.corp.encode()
        padding = _BLOCK - len(whole) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(whole + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def open(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        """The text in it; raises NotSealed."""
        if not hmac.compare_digest(self.signature(timestamp, nonce, sealed), signature):
            raise NotSealed("msg_signature")
        try:
            decryptor = self._cipher().decryptor()
            whole = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
            whole = whole[: -whole[-1]]
            end = 20 + int.from_bytes(whole[16:20], "big")
            text, corp = whole[20:end].decode(), whole[end:].decode()
        except (binascii.Error, ValueError, IndexError):
            raise NotSealed("encrypt") from None
        if corp != self.corp:
            raise NotSealed("corp id")
        return text

    def envelope(self, text: str, agent: int) -> str:
        """The body of a callback with this text."""
        return (
            f"<xml><ToUserName><![CDATA[{self.corp}]]></ToUserName><AgentID><![CDATA[{agent}]]></AgentID>"
            f"<Encrypt><![CDATA[{self.close(text)}]]></Encrypt></xml>"
        )

    def opened_answer(self, body: str) -> str:
        """The text in the answer to a callback; raises NotSealed."""
        try:
            parts = {each.tag: each.text or "" for each in ElementTree.fromstring(body)}
            return self.open(parts["Encrypt"], parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"])
        except (ElementTree.ParseError, KeyError):
            raise NotSealed("xml") from None

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def sealed_in(envelope: str) -> str:
    """What is sealed in a callback's body; raises NotSealed."""
    try:
        found = ElementTree.fromstring(envelope).findtext("Encrypt")
    except ElementTree.ParseError:
        found = None
    if not found:
        raise NotSealed("xml")
    return found
