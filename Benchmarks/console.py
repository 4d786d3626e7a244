# SPDX-License-Identifier: Apache-2.0
"""The full-screen console in a pseudo terminal of 160x45: from start to the first screen and to live data, bytes for a
key press, CPU time and bytes while nothing happens, memory; beside other programs of the terminal, where installed.

V6_DEMO_DIR names a running network (script/lib/network up); without it one is brought up.
"""

import fcntl
import os
import pathlib
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests"))

from network import Network, program  # noqa: E402

ROUNDS = int(os.environ.get("V6_BENCH_ROUNDS", "10"))
IDLE = 10


class Screen:
    """A program on a pseudo terminal, with every byte it wrote."""

    def __init__(self, command, environment):
        self.begun = time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
        self.bytes = b""

    def read(self, seconds):
        """Takes what comes within some time; true if anything did."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            self.bytes += os.read(self.terminal, 65536)
        except OSError:
            return False
        return True

    def until(self, text, seconds=20):
        """Seconds from the start until the program has written a text."""
        end = time.monotonic() + seconds
        while text not in self.bytes:
            if time.monotonic() > end:
                sys.exit(f"{text!r} did not come; there is: {self.bytes[-400:]!r}")
            self.read(0.005)
        return time.monotonic() - self.begun

    def settle(self, quiet=0.4):
        while self.read(quiet):
            pass

    def press(self, key):
        """Milliseconds and bytes from a key to the last byte of its answer."""
        before, begun, last = len(self.bytes), time.monotonic(), time.monotonic()
        os.write(self.terminal, key)
        while self.read(0.15):
            last = time.monotonic()
        return (last - begun) * 1000, len(self.bytes) - before

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        lines = pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    def idle(self):
        """Share of a core and bytes while nothing is done."""
        before, cpu = len(self.bytes), self.cpu()
        end = time.monotonic() + IDLE
        while time.monotonic() < end:
            self.read(0.2)
        return (self.cpu() - cpu) / IDLE * 100, len(self.bytes) - before

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def console(network):
    environment = dict(network.environment("alpha"), TERM="xterm-256color", LC_ALL="C.UTF-8")
    environment.pop("V6_PROMPT_DISABLED", None)
    paint, live = [], []
    for _ in range(ROUNDS):
        screen = Screen([program("v6-console")], environment)
        paint.append(screen.until("Home".encode()) * 1000)
        live.append(screen.until("● live".encode()) * 1000)
        screen.end()
    screen = Screen([program("v6-console")], environment)
    screen.until("● live".encode())
    screen.settle()
    os.write(screen.terminal, b":tasks\r")
    screen.settle()
    presses = [screen.press(key) for key in [b"j", b"k"] * (ROUNDS * 2)]
    times, sizes = [one[0] for one in presses], [one[1] for one in presses]
    cpu, written = screen.idle()
    print(f"  first screen                median {statistics.median(paint):6.1f} ms   worst {max(paint):6.1f} ms")
    print(f"  live data                   median {statistics.median(live):6.1f} ms   worst {max(live):6.1f} ms")
    print(f"  key to last byte            median {statistics.median(times):6.1f} ms   worst {max(times):6.1f} ms")
    print(f"  bytes for a key             median {statistics.median(sizes):6.0f}      worst {max(sizes):6.0f}")
    print(f"  idle for {IDLE} s               CPU    {cpu:6.2f} %    {written} bytes")
    print(f"  memory                             {screen.memory():6.1f} MB")
    screen.end()


def others():
    for command in (["tig", "--all"], ["htop"], ["ncdu", "/etc"]):
        if not shutil.which(command[0]):
            continue
        screen = Screen(command, dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8"))
        while not screen.read(0.01):
            pass
        first = (time.monotonic() - screen.begun) * 1000
        screen.settle()
        cpu, written = screen.idle()
        print(f"  {command[0]:8} first byte {first:6.1f} ms   idle CPU {cpu:5.2f} %   {written} bytes   {screen.memory():5.1f} MB")
        screen.end()


def main():
    folder = os.environ.get("V6_DEMO_DIR")
    network = Network(folder or tempfile.mkdtemp(prefix="v6-bench."))
    try:
        if folder:
            network.learn()
        else:
            network.up()
        print(f"{ROUNDS} rounds, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {program('v6-console')}")
        console(network)
        others()
    finally:
        if not folder:
            network.down()


main()
