"""A device that makes and uses passkeys, as a test needs it: honest, or wrong in one way."""

import hashlib
import json
import os
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. What `lies` holds takes the place of what an honest device would say."""

    origin: str
    host: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: str = ""
    count: int = 0

    def make(self, options, **lies):
        """Answer what a page asks of a browser to make a passkey."""
        told = json.loads(options)
        self.handle = told["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        held = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(lies.get("flags", PRESENT | VERIFIED) | MADE, lies) + held
        client = self._client("webauthn.create", told["challenge"], lies)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": client, "attestationObject": attestation}, transports=["internal"])

    def use(self, options, **lies):
        """Answer what a page asks of a browser to use a passkey."""
        told = json.loads(options)
        self.count = lies.get("count", self.count + 1)
        data = self._data(lies.get("flags", PRESENT | VERIFIED), lies)
        client = self._client("webauthn.get", told["challenge"], lies)
        key = lies.get("key", self.key)
        signature = key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer(parts, userHandle=lies.get("handle", self.handle))

    def _data(self, flags, lies):
        host = lies.get("host", self.host)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind, challenge, lies):
        said = {
            "type": lies.get("type", kind),
            "challenge": lies.get("challenge", challenge),
            "origin": lies.get("origin", self.origin),
        }
        return json.dumps(said).encode()

    def _answer(self, parts, **more):
        known = bytes_to_base64url(self.credential_id)
        response = {name: bytes_to_base64url(part) for name, part in parts.items()} | more
        return json.dumps({"id": known, "rawId": known, "type": "public-key", "response": response})
