# SPDX-License-Identifier: Apache-2.0
"""Sends the steps of a pack to a server: signs in, fills in what earlier answers gave, gathers what a step caused."""

import contextlib
import email
import re
import time
import uuid

import requests

from . import codes

TOKEN = re.compile(r"(ey[\w-]+\.[\w-]+\.[\w-]+)")


class Exchange:
    """One client's memory: its tokens and the values it captured."""

    def __init__(self, base, header, mailbox, store):
        self.base, self.header, self.mailbox, self.store = base, header, mailbox, store
        self.http = requests.Session()
        self.tokens = {}
        self.values = {
            "store": f"http://127.0.0.1:{store.port}",
            # The same address, spelled so that a search for 'localhost' or '127.0.0.1' in it finds nothing.
            "store2": f"http://127.000.000.001:{store.port}",
        }

    def sign_in(self, name):
        """Fetches both tokens of a holder, 'user U' or 'node N'."""
        kind = name.partition(" ")[0]
        holder = self.header["holders"][name]
        if kind == "user":
            body = {"username": holder["username"], "password": holder["password"]}
            if holder.get("otp_secret"):
                body["mfa_code"] = codes.totp(holder["otp_secret"])
        else:
            body = {"api_key": holder["api_key"]}
        answer = self.http.post(f"{self.base}{self.header['api_path']}/token/{kind}", json=body)
        tokens = answer.json()
        if "access_token" not in tokens:
            raise AssertionError(f"{name} cannot sign in: {answer.status_code} {answer.text[:200]}")
        self.tokens[name], self.tokens["refresh " + name] = tokens["access_token"], tokens["refresh_token"]

    @contextlib.contextmanager
    def signed_in_again(self, passwords):
        """For one step, holders have new tokens, got with other passwords than the recorded ones."""
        before = dict(self.tokens)
        for name, password in passwords.items():
            self.header["holders"][name]["password"] = password
            self.sign_in(name)
        yield
        for name in passwords:
            self.tokens[name], self.tokens["refresh " + name] = before[name], before["refresh " + name]

    def forged(self, name):
        """A token the client makes itself."""
        recipe = self.header["forged"][name]
        now = int(time.time())
        claims = {
            "fresh": False, "jti": str(uuid.uuid4()), "csrf": str(uuid.uuid4()), "type": "access",
            "iat": now - 60, "nbf": now - 60,
        }
        for key, value in recipe["claims"].items():
            if key in ("exp_in", "nbf_in"):
                claims[key.removesuffix("_in")] = now + value
            elif value == "(absent)":
                claims.pop(key, None)
            else:
                claims[key] = value
        return codes.token(claims, recipe.get("secret", self.header["jwt_secret_key"]))

    def token(self, name):
        if name.startswith("forged "):
            return self.forged(name.removeprefix("forged "))
        if name not in self.tokens:
            if name.startswith(("container ", "mailed ")):
                raise AssertionError(f"no token {name!r}: the step that gives it failed")
            self.sign_in(name.removeprefix("refresh "))
        return self.tokens[name]

    def filled(self, value):
        """The value with what stands in {{…}} put in."""
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, str) or "{{" not in value:
            return value
        whole = re.fullmatch(r"\{\{([^}]*)\}\}", value)
        if whole:
            return self.value(whole[1])
        return re.sub(r"\{\{([^}]*)\}\}", lambda match: str(self.value(match[1])), value)

    def value(self, name):
        if name.startswith("totp:"):
            _, who, *step = name.split(":")
            secret = self.values.get(who) or self.header["holders"].get(who, {}).get("otp_secret")
            if secret is None:
                raise AssertionError(f"no secret {who!r}: the step that gives it failed")
            return codes.totp(secret, int(step[0]) if step else 0)
        if name.startswith("token:"):
            return self.token(name.removeprefix("token:"))
        if name not in self.values:
            raise AssertionError(f"no value {name!r}: the step that gives it failed")
        return self.values[name]

    def send(self, step):
        """Sends a step; its answer, and the mails and calls to the store that it caused."""
        mails = len(self.mailbox.mails)
        self.store.calls.clear()
        request = self.request(step)
        answer = self.http.send(self.http.prepare_request(request), allow_redirects=False, timeout=60)
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            body = answer.content.decode("utf8", "replace")
        given = {"status": answer.status_code, "headers": answer.headers, "body": body}
        time.sleep(step.get("wait_after", 0))
        if "mail" in step:
            self.mailbox.wait(mails + max(1, len(step["mail"])), step.get("mail_wait", 8))
            given["mail"] = [described(mail) for mail in self.mailbox.mails[mails:]]
        if "outgoing" in step:
            own = request.headers.get("Authorization")
            given["outgoing"] = [
                {**call, "authorization": "token of the caller" if call["authorization"] == own else call["authorization"]}
                for call in self.store.calls
            ]
        self.capture(step, body, self.mailbox.mails[mails:])
        return given

    def request(self, step):
        wanted = step["request"]
        headers = dict(self.filled(wanted.get("headers") or {}))
        if step["as"] != "none":
            headers["Authorization"] = "Bearer " + self.token(step["as"])
        content = {}
        if "raw" in wanted:
            content["data"] = self.filled(wanted["raw"]).encode()
        elif wanted.get("body", 0) is None:
            content["data"] = "null"
            headers.setdefault("Content-Type", "application/json")
        elif "body" in wanted:
            content["json"] = self.filled(wanted["body"])
        query = self.filled(wanted.get("query"))
        if isinstance(query, list):
            query = [tuple(pair) for pair in query]
        url = self.base + self.filled(wanted["path"])
        return requests.Request(wanted["method"], url, params=query, headers=headers, **content)

    def capture(self, step, body, mails):
        for name, pointer in (step.get("capture") or {}).items():
            if pointer == "mail":
                found = next((TOKEN.search(text_of(mail)) for mail in reversed(mails)), None)
                value = found and found[1]
            else:
                value = at(pointer, body)
            if value is not None:
                (self.tokens if " " in name else self.values)[name] = value


def at(pointer, value):
    """What a JSON pointer leads to, or None."""
    for part in pointer.strip("/").split("/"):
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def text_of(mail):
    message = email.message_from_string(mail["data"])
    plain = [part.get_payload(decode=True).decode() for part in message.walk() if part.get_content_type() == "text/plain"]
    return "".join(plain)


def described(mail):
    message = email.message_from_string(mail["data"])
    return {
        "to": mail["to"], "subject": message["Subject"], "from": message["From"],
        "has_token": bool(TOKEN.search(text_of(mail))),
    }
