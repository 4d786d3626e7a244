# SPDX-License-Identifier: Apache-2.0
"""A program in a real terminal: a tmux server of its own, driven by keys, read by what the screen shows."""

import itertools
import os
import shlex
import subprocess

from network import wait_until


class Terminal:
    """One tmux window with one program in it."""

    numbers = itertools.count(1)

    def __init__(self, command, environment, width=160, height=45):
        # A tmux server that is told to stop takes a moment: the next one has another name.
        self.name = f"v6-test-{os.getpid()}-{next(self.numbers)}"
        self.command = shlex.join(str(part) for part in command)
        self.environment = environment
        self.size = (str(width), str(height))

    def __enter__(self):
        width, height = self.size
        self.tmux("new-session", "-d", "-x", width, "-y", height, "-s", "s", self.command + "; echo ended with $?; read _")
        self.tmux("set", "-g", "status", "off")
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")

    def tmux(self, *arguments):
        command = ["tmux", "-L", self.name, "-f", "/dev/null", *arguments]
        return subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=30
        ).stdout

    def type(self, *keys):
        """Keys by tmux's names; a text of more than one character that is no name is typed as it is."""
        self.tmux("send-keys", "-t", "s", *keys)

    def run_command(self, text):
        """Types a line behind `:`."""
        self.type(":")
        self.type("-l", text)
        self.type("Enter")

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "s")

    def wait(self, what, condition, seconds=60):
        """The first screen that satisfies the condition; the last one is in the message otherwise."""
        last = ""

        def look():
            nonlocal last
            last = self.screen()
            return last if condition(last) else None

        try:
            return wait_until(what, look, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen was:\n{last}") from None

    def wait_text(self, *texts, seconds=60):
        return self.wait(" and ".join(map(repr, texts)), lambda screen: all(t in screen for t in texts), seconds)

    def wait_count(self, text, count, seconds=60):
        return self.wait(f"{count} times {text!r}", lambda screen: screen.count(text) >= count, seconds)
