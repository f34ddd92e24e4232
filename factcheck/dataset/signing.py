"""Ed25519 keys (RFC 8032) in PEM (RFC 8410), and the signature of a release: one line of hex digits. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from factcheck import distribution, names
from factcheck.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LINE: Final = 129
"""Bytes of a signature file."""
_MAKE: Final = (
    "make a key with `openssl genpkey -algorithm ed25519 -out FILE`; `openssl pkey -in "
    "FILE -pubout` prints its public half"
)
_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)


class Trusted(NamedTuple):
    """A public key and what it is called: the comment line above it, else the beginning of its SHA-256."""

    name: str
    key: Ed25519PublicKey


def private_key(pem: bytes, *, subject: str = "signing key") -> Ed25519PrivateKey:
    """The key to sign with; raises ConfigError for anything that is no unencrypted private Ed25519 key."""
    _need_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"-----BEGIN ENCRYPTED" in pem or b"Proc-Type: 4,ENCRYPTED" in pem:
        hint = "save a copy without the password: `openssl pkey -in FILE -out NEW`, then `chmod 600 NEW`"
        raise ConfigError("the key is encrypted", subject=subject, hint=hint)
    if b"-----BEGIN PUBLIC KEY" in pem:
        raise ConfigError("is a public key; signing needs the private one", subject=subject, hint=_MAKE)
    try:
        found = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError("is not a private key in PEM format", subject=subject, hint=_MAKE) from None
    if not isinstance(found, Ed25519PrivateKey):
        raise ConfigError("is not an Ed25519 key, which releases are signed with", subject=subject, hint=_MAKE)
    return found


def public_keys(pem: bytes, *, subject: str = "public key") -> list[Trusted]:
    """The keys of a file with one or more public Ed25519 keys, each under a line `# NAME` if it likes.

    Raises ConfigError where there is none or where there is anything else.
    """
    _need_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    try:
        text = pem.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError("is not a public key in PEM format", subject=subject, hint=_MAKE) from None
    found: list[Trusted] = []
    end = 0
    for block in _BLOCK.finditer(text):
        if "PRIVATE" in block.group(1):
            raise ConfigError("holds a private key; verifying needs only the public key", subject=subject, hint=_MAKE)
        try:
            key = load_pem_public_key(block.group(0).encode())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ConfigError("is not a public key in PEM format", subject=subject, hint=_MAKE) from None
        if not isinstance(key, Ed25519PublicKey):
            what = "holds a key that is not Ed25519, which releases are signed with"
            raise ConfigError(what, subject=subject, hint=_MAKE)
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        above = [line.strip("# \t\r") for line in text[end : block.start()].splitlines()]
        named = next((line for line in reversed(above) if line), "")
        found.append(Trusted(names.shown(named or f"key {hashlib.sha256(raw).hexdigest()[:16]}"), key))
        end = block.end()
    if not found:
        raise ConfigError("is not a public key in PEM format", subject=subject, hint=_MAKE)
    return found


def sign(text: bytes, key: Ed25519PrivateKey) -> bytes:
    """The content of the signature file."""
    return (key.sign(text).hex() + "\n").encode()


def signer(signature: bytes, text: bytes, keys: Iterable[Trusted]) -> str | None:
    """The name of the key that signed the text; None where none of them did or the file is not as `sign` writes it."""
    from cryptography.exceptions import InvalidSignature

    if not re.fullmatch(rb"[0-9a-f]{128}\n", signature):
        return None
    for one in keys:
        try:
            one.key.verify(bytes.fromhex(signature.decode()), text)
        except InvalidSignature:
            continue
        return one.name
    return None


def _need_cryptography() -> None:
    with distribution.needing("sign", "signing, or checking a signature,"):
        import cryptography  # noqa: F401 - asked for here, so that its absence is said in one place
