# SPDX-License-Identifier: Apache-2.0
"""Tokens and one-time codes, made from nothing but their definitions."""

import base64
import hashlib
import hmac
import json
import struct
import time


def token(claims, secret):
    """A JSON Web Token signed with HS256."""
    head = encoded(b'{"alg":"HS256","typ":"JWT"}') + "." + encoded(json.dumps(claims).encode())
    return head + "." + encoded(hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest())


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def totp(secret, step=0):
    """The code of the present window, or of one so many windows away; never within 4 s of the window's end."""
    left = 30 - time.time() % 30
    if left < 4:
        time.sleep(left + 0.2)
    window = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), window, hashlib.sha1).digest()
    start = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000)
