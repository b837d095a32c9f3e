"""How WeCom seals what it sends to us, and we what we answer: developer.work.weixin.qq.com 90968.

AES-256-CBC under the EncodingAESKey; 16 random octets, the length (4 octets, network order), the text, the company's id;
padded to 32 octets as in PKCS#7. Signed with SHA-1 over token, timestamp, nonce and what is sealed.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
_NAME = re.compile(r"^\w{1,40}$")


class Forged(ValueError):
    """It was not sealed for us by WeCom, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Seal:
    """An application's callback: token, EncodingAESKey and the company it belongs to."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    corp: str

    def open(self, sealed: str, query: Mapping[str, str]) -> str:
        """The text; raises Forged. `query`: msg_signature, timestamp, nonce, as they came."""
        signature = self._signature(query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not hmac.compare_digest(signature.encode(), query.get("msg_signature", "").encode()):
            raise Forged("the signature is wrong")
        try:
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
            plain = plain[: -plain[-1]]
            end = 20 + int.from_bytes(plain[16:20], "big")
            text, corp = plain[20:end].decode(), plain[end:].decode()
        except (binascii.Error, ValueError, IndexError):
            raise Forged("it cannot be opened") from None
        if corp != self.corp:
            raise Forged("it is for another company")
        return text

    def answer(self, text: str, timestamp: str) -> str:
        """The body of an answer with this text."""
        nonce, sealed = secrets.token_hex(8), self._close(text)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self._signature(timestamp, nonce, sealed)}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _close(self, text: str) -> str:
        told = text.encode()
        plain = secrets.token_bytes(16) + len(told).to_bytes(4, "big") + told + self.corp.encode()
        padding = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def _signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, timestamp, nonce, sealed))).encode()).hexdigest()

    def _cipher(self) -> "Cipher[modes.CBC]":
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def fields(xml: str) -> dict[str, str]:
    """The first level of an XML text, by name; raises Forged for anything that is not such a text."""
    if "<!" in xml.replace("<![CDATA[", ""):
        raise Forged("declarations have no place in it")
    try:
        found = {each.tag: each.text or "" for each in ElementTree.fromstring(xml)}
    except ElementTree.ParseError:
        raise Forged("it is no XML") from None
    return {name: text for name, text in found.items() if _NAME.match(name)}
