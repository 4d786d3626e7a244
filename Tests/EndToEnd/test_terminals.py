# SPDX-License-Identifier: Apache-2.0
"""The console on every kind of terminal, and what it leaves behind there. A server by itself is enough for this."""

import base64
import hashlib
import hmac
import os
import re
import signal
import struct
import time

import pytest

from network import program, wait_until
from pseudoterminal import Pseudoterminal
from servers import ROOT_PASSWORD, Server
from terminal import Terminal

CONSOLE = program("v6-console")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("terminals")) as server:
        names = ["Maas Clinic", "Noord Hospital", "Delta UMC"]
        ids = [server.root("POST", "/organization", {"name": name, "country": "Netherlands"})["id"] for name in names]
        server.root("POST", "/collaboration", {"name": "thyroid", "organization_ids": ids, "encrypted": False})
        yield server


def console(server, width=80, height=24, **environment):
    values = {key: value for key, value in {**server.environment(), **environment}.items() if value is not None}
    return Pseudoterminal([CONSOLE], values, width, height)


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 10), (20, 5)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("term", ["xterm-256color", "tmux-256color", "screen-256color", "linux", "vt100"])
def test_every_terminal_shows_home_and_is_left_clean(server, term, size):
    with console(server, *size, TERM=term) as terminal:
        terminal.wait_text("Home")
        terminal.wait("footer", lambda screen: "open" in screen.splitlines()[-1])
        terminal.leave()
        if term not in ("vt100", "linux"):  # those have no second screen
            assert terminal.bytes.rindex(b"\x1b[?1049l") > terminal.bytes.rindex(b"\x1b[?1049h")
        assert b"\x1b[?2004l" in terminal.bytes.rpartition(b"\x1b[?2004h")[2], "pasting is as it was"


def test_unknown_terminal_is_taken_for_an_xterm_and_told(server):
    with console(server, TERM="no-such-terminal") as terminal:
        terminal.wait_text("Home", "no-such-terminal")
        terminal.leave()


@pytest.mark.parametrize("term", ["dumb", None])
def test_terminal_that_cannot_draw_gets_advice(server, term):
    with console(server, TERM=term) as terminal:
        assert terminal.wait_end() == 64
        assert b"subcommand" in terminal.bytes
        assert b"\x1b" not in terminal.bytes


def test_locale_without_utf8_or_wish_gives_ascii(server):
    with console(server, V6_ASCII="1") as terminal:
        terminal.wait_text("Home", "* live")
        terminal.leave()
        assert all(byte < 0x80 for byte in terminal.bytes)


def test_no_color_means_none(server):
    with console(server, NO_COLOR="1") as terminal:
        terminal.wait_text("Home", "live")
        terminal.leave()
        codes = {code for part in re.findall(rb"\x1b\[([0-9;]*)m", terminal.bytes) for code in part.split(b";")}
        colours = {b"%d" % code for code in (*range(30, 39), *range(40, 49), *range(90, 108))}
        assert not codes & colours


def test_resize_storm_ends_in_the_right_picture(server):
    with console(server, 80, 24) as terminal:
        terminal.wait_text("Home", "live")
        for step in range(60):
            terminal.resize(40 + step * 2, 10 + step // 2)
            terminal.read(0)
        terminal.resize(120, 35)
        terminal.wait("footer on the last row", lambda screen: "help" in screen.splitlines()[34])
        assert terminal.rows[0].rstrip().endswith("live")
        assert len(terminal.rows[0].rstrip()) > 110
        terminal.leave()


def test_paste_is_text_and_never_keys(server):
    with console(server) as terminal:
        terminal.wait_text("Home", "live")
        terminal.type(":organizations\r")
        terminal.wait_text("Maas Clinic", "Noord Hospital")
        terminal.type(b"\x1b[200~noord\nQ\n:quit\n\x1b[201~")
        terminal.wait("filtered list", lambda screen: "/noord" in screen and "Maas Clinic" not in screen)
        terminal.leave()


@pytest.mark.parametrize("how, code", [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_signal_ends_it_cleanly(server, how, code):
    with console(server) as terminal:
        terminal.wait_text("Home", "live")
        os.kill(terminal.process, how)
        assert terminal.wait_end() == code
        assert b"\x1b[?1049l" in terminal.bytes


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGILL])
def test_crash_gives_the_terminal_back(server, how):
    with console(server) as terminal:
        terminal.wait_text("Home", "live")
        os.kill(terminal.process, how)
        assert terminal.wait_end() == -how
        rest = terminal.bytes.rpartition(b"\x1b[?1049h")[2]
        for end in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l"):
            assert end in rest
        assert b"v6-console stopped by a fault" in rest


def test_suspend_and_resume_in_a_shell(server):
    with Terminal(["bash", "--norc", "-i"], server.environment(), 100, 30) as terminal:
        terminal.wait_text("bash-")
        terminal.type("-l", str(CONSOLE))
        terminal.type("Enter")
        terminal.wait_text("Home", "live")
        terminal.type("C-z")
        terminal.wait("shell with the program stopped", lambda screen: "Stopped" in screen and "Home" not in screen)
        assert terminal.tmux("display", "-p", "-t", "s", "#{alternate_on} #{cursor_flag}").strip() == "0 1"
        terminal.type("-l", "fg")
        terminal.type("Enter")
        terminal.wait_text("Home", "live")
        terminal.type("Q")
        terminal.wait("shell again", lambda screen: "Home" not in screen and "bash-" in screen)


def test_server_that_dies_and_comes_back_under_the_console(tmp_path):
    server = Server(tmp_path).start()
    try:
        server.root("POST", "/organization", {"name": "Maas Clinic"})
        with console(server, 100, 30) as terminal:
            terminal.wait_text("Home", "live")
            terminal.type(":organizations\r")
            terminal.wait_text("Maas Clinic")
            server.stop(signal.SIGKILL)
            terminal.wait_text("reconnecting", "as of")
            assert "Maas Clinic" in terminal.text, "what was known stays on the screen"
            server.start()
            terminal.wait_text("● live", "Organizations", seconds=90)
            terminal.leave()
    finally:
        server.stop()


def one_time_code(secret, at):
    """RFC 6238, as authenticator apps do it."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1)
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_sign_in_with_a_second_factor(tmp_path):
    server = Server(tmp_path, two_factor_auth=True).start()
    try:
        credentials = {"username": "root", "password": ROOT_PASSWORD}
        status, answer = server.answer("POST", "/token/user", credentials)
        assert status == 200 and "access_token" not in answer
        secret = re.search(r"secret=([A-Z2-7]+)", answer["qr_uri"])[1]
        environment = {key: value for key, value in server.environment().items() if key != "V6_PASSWORD_FILE"}
        with Pseudoterminal([CONSOLE], environment) as terminal:
            terminal.wait_text("Sign in", "Password")
            terminal.type(ROOT_PASSWORD)
            assert ROOT_PASSWORD not in terminal.text
            terminal.type("\r")
            terminal.wait_text("Code")
            terminal.type("000000\r")
            terminal.wait("refusal", lambda screen: "✗" in screen or "wrong" in screen.lower() or "fail" in screen.lower())
            terminal.type("\x15" + one_time_code(secret, time.time()) + "\r")
            terminal.wait_text("Home", "live")
            terminal.leave()
    finally:
        server.stop()


def test_keeps_quiet_when_nothing_happens(server):
    with console(server) as terminal:
        terminal.wait_text("Home", "live")
        wait_until("silence", lambda: is_silent(terminal))
        before = len(terminal.bytes)
        # Nothing to wait for on the screen: the absence of output is what is looked at.
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            terminal.read(0.1)
        assert len(terminal.bytes) == before
        terminal.leave()


def is_silent(terminal):
    before = len(terminal.bytes)
    terminal.read(1)
    return len(terminal.bytes) == before


def test_operator_makes_a_user_who_can_sign_in(server):
    with console(server, 100, 30) as terminal:
        terminal.wait_text("Home", "live")
        terminal.type(":users\r")
        terminal.wait_text("USERNAME", "root")
        terminal.type("a")
        terminal.wait_text("New user", "Researcher")
        terminal.type("cora\t\tCora\tJansen\tcora@example.org\tGeheim-123!\tGeheim-123!\t")
        terminal.type(" ")
        terminal.type("\x13")
        terminal.wait_text("cora is created", "Cora Jansen")
        status, answer = server.answer("POST", "/token/user", {"username": "cora", "password": "Geheim-123!"})
        assert status == 200 and answer["access_token"]
        terminal.type("gD")
        terminal.wait_text("Delete user cora?")
        terminal.type("cora\r")
        terminal.wait_text("cora is deleted")
        terminal.leave()
    status, _ = server.answer("POST", "/token/user", {"username": "cora", "password": "Geheim-123!"})
    assert status == 401
