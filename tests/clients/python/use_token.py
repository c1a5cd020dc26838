"""Python's PyKCS11 on a token: what its classes wrap, each call once or more.

The module, the PIN and the token's label come from MODULE, PIN and TOKEN; the
signature of the file $T/data goes to $T/sig, to be checked by another program.
"""
import gc
import hashlib
import os
import unittest

import PyKCS11 as P

FOLDER = os.environ["T"]
PIN = os.environ["PIN"]
PUK = "87654321"


def read(name):
    with open(os.path.join(FOLDER, name), "rb") as f:
        return f.read()


def write(name, value):
    with open(os.path.join(FOLDER, name), "wb") as f:
        f.write(bytes(value))


class Token(unittest.TestCase):
    def setUp(self):
        self.lib = P.PyKCS11Lib()
        self.lib.load(os.environ["MODULE"])
        self.slot = [
            s
            for s in self.lib.getSlotList(tokenPresent=True)
            if self.lib.getTokenInfo(s).label.rstrip() == os.environ["TOKEN"]
        ][0]
        self.session = self.lib.openSession(
            self.slot, P.CKF_SERIAL_SESSION | P.CKF_RW_SESSION
        )

    def tearDown(self):
        self.lib.closeAllSessions(self.slot)
        del self.session, self.lib
        gc.collect()

    def says(self, code, call, *arguments):
        with self.assertRaises(P.PyKCS11Error) as caught:
            call(*arguments)
        self.assertEqual(P.CKR[caught.exception.value], code)

    def one(self, cls):
        found = self.session.findObjects([(P.CKA_CLASS, cls)])
        self.assertTrue(found)
        return found[0]

    def can(self, name):
        return name in self.lib.getMechanismList(self.slot)


class Info(Token):
    def test_library(self):
        info = self.lib.getInfo()
        self.assertEqual(info.manufacturerID.rstrip(), "capkcs11")
        self.assertGreaterEqual(info.cryptokiVersion, (2, 40))

    def test_slots(self):
        every = self.lib.getSlotList(tokenPresent=False)
        full = self.lib.getSlotList(tokenPresent=True)
        self.assertEqual((len(every), full), (2, [self.slot]))
        info = self.lib.getSlotInfo(self.slot)
        self.assertIn("Virtual PCD", info.slotDescription)
        self.assertIn("CKF_TOKEN_PRESENT", info.flags2text())
        self.says("CKR_SLOT_ID_INVALID", self.lib.getSlotInfo, 4711)

    def test_token(self):
        flags = self.lib.getTokenInfo(self.slot).flags2text()
        for name in "LOGIN_REQUIRED", "USER_PIN_INITIALIZED":
            self.assertIn("CKF_" + name, flags)

    def test_session(self):
        info = self.session.getSessionInfo()
        self.assertEqual(info.slotID, self.slot)
        self.assertEqual(info.state2text(), "CKS_RW_PUBLIC_SESSION")
        self.session.login(PIN)
        info = self.session.getSessionInfo()
        self.assertEqual(info.state2text(), "CKS_RW_USER_FUNCTIONS")

    def test_mechanisms(self):
        for name in self.lib.getMechanismList(self.slot):
            info = self.lib.getMechanismInfo(self.slot, name)
            self.assertLessEqual(info.ulMinKeySize, info.ulMaxKeySize)
            self.assertTrue(info.flags)
        self.says(
            "CKR_MECHANISM_INVALID",
            self.lib.getMechanismInfo,
            self.slot,
            "CKM_GOSTR3411",
        )

    def test_no_event(self):
        self.says("CKR_NO_EVENT", self.lib.waitForSlotEvent, P.CKF_DONT_BLOCK)


class Life(Token):
    def test_load_again(self):
        want = self.lib.getTokenInfo(self.slot).serialNumber
        for _ in range(5):
            self.tearDown()
            self.setUp()
            self.session.login(PIN)
            info = self.lib.getTokenInfo(self.slot)
            self.assertEqual(info.serialNumber, want)

    def test_sessions_dropped(self):
        for _ in range(100):
            self.lib.openSession(self.slot)
        gc.collect()
        self.lib.closeAllSessions(self.slot)
        self.says("CKR_SESSION_HANDLE_INVALID", self.session.login, PIN)

    def test_random(self):
        a, b = (bytes(self.session.generateRandom(32)) for _ in range(2))
        self.assertEqual((len(a), len(b)), (32, 32))
        self.assertNotEqual(a, b)


class Pin(Token):
    def test_wrong_then_right(self):
        self.says("CKR_PIN_INCORRECT", self.session.login, "11112222")
        flags = self.lib.getTokenInfo(self.slot).flags2text()
        self.assertIn("CKF_USER_PIN_COUNT_LOW", flags)
        self.session.login(PIN)
        self.says("CKR_USER_ALREADY_LOGGED_IN", self.session.login, PIN)
        flags = self.lib.getTokenInfo(self.slot).flags2text()
        self.assertNotIn("CKF_USER_PIN_COUNT_LOW", flags)
        self.session.logout()
        self.says("CKR_USER_NOT_LOGGED_IN", self.session.logout)

    def test_change(self):
        self.session.setPin(PIN, "97531864")
        self.says("CKR_PIN_INCORRECT", self.session.login, PIN)
        self.session.login("97531864")
        self.session.setPin("97531864", PIN)
        self.session.logout()
        self.session.login(PIN)

    def test_officer(self):
        self.session.login(PUK, P.CKU_SO)
        self.session.initPin("86427531")
        self.session.logout()
        self.session.login("86427531")
        self.session.setPin("86427531", PIN)


class Digest(Token):
    def test_once(self):
        data = read("data")
        for name, mechanism in (
            ("sha1", P.CKM_SHA_1),
            ("sha256", P.CKM_SHA256),
            ("sha512", P.CKM_SHA512),
        ):
            got = self.session.digest(data, P.Mechanism(mechanism, None))
            self.assertEqual(bytes(got), hashlib.new(name, data).digest())

    def test_parts(self):
        d = self.session.digestSession(P.Mechanism(P.CKM_SHA384, None))
        d.update(b"Xin ").update(b"x" * 9000)
        want = hashlib.sha384(b"Xin " + b"x" * 9000).digest()
        self.assertEqual(bytes(d.final()), want)


class Objects(Token):
    def test_data(self):
        made = self.session.createObject(
            [
                (P.CKA_CLASS, P.CKO_DATA),
                (P.CKA_TOKEN, P.CK_FALSE),
                (P.CKA_LABEL, "Ghi chú"),
                (P.CKA_VALUE, b"\x00\x01\xff"),
            ]
        )
        found = self.session.findObjects([(P.CKA_LABEL, "Ghi chú")])
        self.assertEqual([o.value() for o in found], [made.value()])
        self.assertEqual(
            self.session.getAttributeValue(made, [P.CKA_VALUE, P.CKA_TOKEN]),
            [(0, 1, 255), False],
        )
        self.session.setAttributeValue(made, [(P.CKA_LABEL, "khác")])
        self.assertEqual(
            self.session.getAttributeValue(made, [P.CKA_LABEL]), ["khác"]
        )
        self.session.destroyObject(made)
        self.assertEqual(
            self.session.findObjects([(P.CKA_LABEL, "khác")]), []
        )
        self.says(
            "CKR_OBJECT_HANDLE_INVALID", self.session.destroyObject, made
        )

    def test_hidden_until_login(self):
        wanted = [(P.CKA_CLASS, P.CKO_PRIVATE_KEY)]
        self.assertEqual(self.session.findObjects(wanted), [])
        self.session.login(PIN)
        self.assertEqual(len(self.session.findObjects(wanted)), 1)

    def test_key_stays(self):
        self.session.login(PIN)
        key = self.one(P.CKO_PRIVATE_KEY)
        kind = self.session.getAttributeValue(key, [P.CKA_KEY_TYPE])[0]
        secret = P.CKA_VALUE if kind == P.CKK_EC else P.CKA_PRIVATE_EXPONENT
        # The fragmented way answers None for what it may not see.
        values = self.session.getAttributeValue_fragmented(
            key, [P.CKA_SENSITIVE, P.CKA_EXTRACTABLE, secret]
        )
        self.assertEqual(values, [True, False, None])


class Secret(Token):
    def key(self, kind, value, *uses):
        return self.session.createObject(
            [
                (P.CKA_CLASS, P.CKO_SECRET_KEY),
                (P.CKA_KEY_TYPE, kind),
                (P.CKA_TOKEN, P.CK_FALSE),
                (P.CKA_PRIVATE, P.CK_FALSE),
                (P.CKA_VALUE, value),
            ]
            + [(use, P.CK_TRUE) for use in uses]
        )

    def test_aes(self):
        # NIST SP 800-38A, F.1.1 and F.2.1, first block.
        value = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
        plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
        key = self.key(P.CKK_AES, value, P.CKA_ENCRYPT, P.CKA_DECRYPT)
        for mechanism, want in (
            (
                P.Mechanism(P.CKM_AES_ECB),
                "3ad77bb40d7a3660a89ecaf32466ef97",
            ),
            (
                P.Mechanism(P.CKM_AES_CBC, bytes(range(16))),
                "7649abac8119b246cee98e9b12e9197d",
            ),
        ):
            got = bytes(self.session.encrypt(key, plain, mechanism))
            self.assertEqual(got.hex(), want)
            back = self.session.decrypt(key, got, mechanism)
            self.assertEqual(bytes(back), plain)

    def test_gcm(self):
        key = self.key(P.CKK_AES, bytes(16), P.CKA_ENCRYPT, P.CKA_DECRYPT)
        mechanism = P.AES_GCM_Mechanism(bytes(12), b"", 128)
        # The GCM specification of McGrew and Viega, test case 2.
        got = bytes(self.session.encrypt(key, bytes(16), mechanism))
        self.assertEqual(
            got.hex(),
            "0388dace60b6a392f328c2b971b2fe78"
            "ab6e47d42cec13bdf53a67b21257bddf",
        )
        spoilt = got[:-1] + bytes([got[-1] ^ 1])
        self.says(
            "CKR_ENCRYPTED_DATA_INVALID",
            self.session.decrypt,
            key,
            spoilt,
            mechanism,
        )

    def test_hmac(self):
        # RFC 4231, test case 1.
        key = self.key(
            P.CKK_GENERIC_SECRET, b"\x0b" * 20, P.CKA_SIGN, P.CKA_VERIFY
        )
        mechanism = P.Mechanism(P.CKM_SHA256_HMAC)
        got = self.session.sign(key, b"Hi There", mechanism)
        self.assertEqual(
            bytes(got).hex(),
            "b0344c61d8db38535ca8afceaf0bf12b"
            "881dc200c9833da726e9376c2e32cff7",
        )
        self.assertTrue(self.session.verify(key, b"Hi There", got, mechanism))

    def test_generate(self):
        key = self.session.generateKey(
            [
                (P.CKA_CLASS, P.CKO_SECRET_KEY),
                (P.CKA_KEY_TYPE, P.CKK_AES),
                (P.CKA_TOKEN, P.CK_FALSE),
                (P.CKA_PRIVATE, P.CK_FALSE),
                (P.CKA_ENCRYPT, P.CK_TRUE),
                (P.CKA_DECRYPT, P.CK_TRUE),
                (P.CKA_VALUE_LEN, 32),
            ],
            P.MechanismAESGENERATEKEY,
        )
        mechanism = P.Mechanism(P.CKM_AES_CBC_PAD, bytes(16))
        for n in 1, 15, 16, 1000:
            c = self.session.encrypt(key, b"x" * n, mechanism)
            self.assertEqual(
                bytes(self.session.decrypt(key, c, mechanism)), b"x" * n
            )


class CardKey(Token):
    def setUp(self):
        super().setUp()
        self.session.login(PIN)
        self.private = self.one(P.CKO_PRIVATE_KEY)
        self.public = self.one(P.CKO_PUBLIC_KEY)
        self.kind = self.session.getAttributeValue(
            self.private, [P.CKA_KEY_TYPE]
        )[0]

    def needs(self, kind, mechanism):
        if self.kind != kind or not self.can(mechanism):
            self.skipTest("not with this card")

    def signs(self, data, mechanism):
        signature = self.session.sign(self.private, data, mechanism)
        self.assertTrue(
            self.session.verify(self.public, data, signature, mechanism)
        )
        other = bytes([data[0] ^ 1]) + data[1:]
        self.assertFalse(
            self.session.verify(self.public, other, signature, mechanism)
        )
        return signature

    def test_sign(self):
        data = read("data")
        if self.kind == P.CKK_RSA:
            got = self.signs(data, P.Mechanism(P.CKM_SHA256_RSA_PKCS, None))
        else:
            got = self.signs(
                hashlib.sha256(data).digest(), P.Mechanism(P.CKM_ECDSA, None)
            )
        write("sig", got)

    def test_pss(self):
        self.needs(P.CKK_RSA, "CKM_RSA_X_509")
        for hash_, digest, mgf in (
            (P.CKM_SHA_1, "sha1", P.CKG_MGF1_SHA1),
            (P.CKM_SHA256, "sha256", P.CKG_MGF1_SHA256),
        ):
            value = hashlib.new(digest, b"x").digest()
            mechanism = P.RSA_PSS_Mechanism(
                P.CKM_RSA_PKCS_PSS, hash_, mgf, len(value)
            )
            self.signs(value, mechanism)

    def test_decrypt(self):
        self.needs(P.CKK_RSA, "CKM_RSA_X_509")
        mechanisms = [P.MechanismRSAPKCS1, P.RSAOAEPMechanism(
            P.CKM_SHA_1, P.CKG_MGF1_SHA1
        ), P.RSAOAEPMechanism(P.CKM_SHA256, P.CKG_MGF1_SHA256, b"nhan")]
        for mechanism in mechanisms:
            c = self.session.encrypt(self.public, b"khoa", mechanism)
            p = self.session.decrypt(self.private, c, mechanism)
            self.assertEqual(bytes(p), b"khoa")

    def test_derive(self):
        self.needs(P.CKK_EC, "CKM_ECDH1_DERIVE")
        # With the card's own public key: a point that is on the curve.
        point = bytes(
            self.session.getAttributeValue(self.public, [P.CKA_EC_POINT])[0]
        )
        keys = []
        for value in point, point[2:]:
            keys.append(self.session.deriveKey(
                self.private,
                [
                    (P.CKA_CLASS, P.CKO_SECRET_KEY),
                    (P.CKA_KEY_TYPE, P.CKK_GENERIC_SECRET),
                    (P.CKA_TOKEN, P.CK_FALSE),
                    (P.CKA_SENSITIVE, P.CK_FALSE),
                    (P.CKA_EXTRACTABLE, P.CK_TRUE),
                    (P.CKA_VALUE_LEN, 32),
                ],
                P.ECDH1_DERIVE_Mechanism(value),
            ))
        a, b = (
            self.session.getAttributeValue(k, [P.CKA_VALUE])[0] for k in keys
        )
        self.assertEqual((len(a), a), (32, b))


if __name__ == "__main__":
    unittest.main(verbosity=2)
