# SPDX-License-Identifier: Apache-2.0
"""A program on a pseudo-terminal whose bytes an emulator (pyte) turns into a screen, and which are kept as well."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte


class Pseudoterminal:
    """The program starts when the block is entered and is killed when it is left."""

    def __init__(self, command, environment, width=80, height=24):
        self.command = [str(part) for part in command]
        self.environment = environment
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.status = None

    def __enter__(self):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execvpe(self.command[0], self.command, self.environment)
        self.resize(self.screen.columns, self.screen.lines)
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.terminal)

    def resize(self, width, height):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.screen.resize(height, width)

    def type(self, text):
        os.write(self.terminal, text.encode() if isinstance(text, str) else text)

    def read(self, seconds):
        """Takes in what comes within the time; false at the end of the program's output."""
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if not ready:
            return True
        try:
            piece = os.read(self.terminal, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        if not piece:
            return False
        self.bytes += piece
        self.stream.feed(piece)
        return True

    @property
    def rows(self):
        """The rows of the screen; pyte's own `display` stumbles over half a wide character that was painted over."""
        cells = self.screen.buffer
        return [
            "".join(cells[row][column].data for column in range(self.screen.columns)) for row in range(self.screen.lines)
        ]

    @property
    def text(self):
        return "\n".join(self.rows)

    def wait(self, what, condition, seconds=60):
        """Reads until the screen satisfies the condition."""
        deadline = time.monotonic() + seconds
        while not condition(self.text):
            alive = self.read(0.2)
            if not condition(self.text) and (not alive or time.monotonic() > deadline):
                raise AssertionError(f"no {what}; the screen was:\n{self.text}")
        return self.text

    def wait_text(self, *texts, seconds=60):
        return self.wait(" and ".join(map(repr, texts)), lambda screen: all(t in screen for t in texts), seconds)

    def leave(self):
        """Leaves the console by its own command."""
        self.type(":q\r")
        assert self.wait_end() == 0

    def wait_end(self, seconds=60):
        """The exit code of the program, or minus the number of the signal that ended it."""
        deadline = time.monotonic() + seconds
        while self.read(0.2):
            if time.monotonic() > deadline:
                raise AssertionError(f"the program does not end; the screen was:\n{self.text}")
        _, status = os.waitpid(self.process, 0)
        self.status = os.waitstatus_to_exitcode(status)
        return self.status
