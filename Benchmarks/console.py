# SPDX-License-Identifier: Apache-2.0
"""The full-screen console in a pseudo terminal of 160x45: from start to the first screen and to live data, bytes for a
key press, CPU time and bytes while nothing happens, memory; beside other programs of the terminal, where installed.

The server behind it has 100,000 tasks, and a run with a log of 50,000 lines that then grows by 1,000 lines a second.
"""

import fcntl
import http.client
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests"))

from network import program  # noqa: E402
from servers import ROOT_PASSWORD, Server  # noqa: E402

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


TASKS = 100_000
LINES = 50_000
LINES_A_SECOND = 1_000


def fill(server):
    """A collaboration of two organizations with a node, many tasks, and one run under way with a long log."""
    organization = server.root("POST", "/organization", {"name": "Maas Clinic"})["id"]
    collaboration = server.root(
        "POST", "/collaboration", {"name": "thyroid", "organization_ids": [1, organization], "encrypted": False})["id"]
    node = server.root("POST", "/node", {"collaboration_id": collaboration, "organization_id": organization})
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {TASKS})"
    server.sql(f"""INSERT INTO task (id, name, image, job_id, collaboration_id, init_org_id, init_user_id, created_at)
        {numbers} SELECT n, 'average ' || n, 'registry.example.org/average:1', n, {collaboration}, 1,
        (SELECT id FROM user), '2026-11-25 10:00:00.000000' FROM numbers""")
    server.sql(f"""INSERT INTO run (id, task_id, organization_id, status, assigned_at, started_at, finished_at)
        {numbers} SELECT n, n, {organization}, 'completed', '2026-11-25 10:00:00.000000',
        '2026-11-25 10:00:01.000000', '2026-11-25 10:00:09.000000' FROM numbers""")
    log = "".join(f"info > iteration {line} of the fit, residual 0.00{line}\n" for line in range(LINES))
    server.sql("UPDATE run SET log = ?1 WHERE id = ?2", log, TASKS)
    return collaboration, node["api_key"]


class TalkingNode:
    """A node that does nothing but pass on a log: Socket.IO by long polling, as bare requests."""

    def __init__(self, server, collaboration, key):
        self.server, self.collaboration = server, collaboration
        self.token = server.answer("POST", "/token/node", {"api_key": key})[1]["access_token"]
        self.place = "/socket.io/?EIO=4&transport=polling"
        opened = self.ask("GET", self.place)
        self.place += "&sid=" + json.loads(opened[1:])["sid"]
        self.ask("POST", self.place, "40/tasks,")
        self.ask("GET", self.place)
        self.isOver = threading.Event()
        threading.Thread(target=self.listen, daemon=True).start()

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=90)
        connection.request(method, path, body, {"Authorization": f"Bearer {self.token}"})
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def listen(self):
        while not self.isOver.is_set():
            if "2" in self.ask("GET", self.place).split("\x1e"):
                self.ask("POST", self.place, "3")

    def talk(self, seconds):
        """Ten events a second with a tenth of the lines each."""
        begun, line = time.monotonic(), 0
        while time.monotonic() < begun + seconds:
            lines = "".join(f"info > line {line + n} of the live log\n" for n in range(LINES_A_SECOND // 10))
            line += LINES_A_SECOND // 10
            event = {"collaboration_id": self.collaboration, "run_id": TASKS, "task_id": TASKS, "log": lines}
            self.ask("POST", self.place, "42/tasks," + json.dumps(["algorithm_log", event]))
            time.sleep(max(0, begun + line / LINES_A_SECOND - time.monotonic()))


def show(name, values, unit):
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"  {name:30} p50 {statistics.median(values):7.1f} {unit}   p99 {p99:7.1f} {unit}")


def console(server, collaboration, key):
    environment = server.environment()
    login = [program("v6-console"), "auth", "login", "--username", "root", "--password-stdin"]
    subprocess.run(login, env=environment, input=ROOT_PASSWORD, text=True, check=True, capture_output=True)
    # From here on with the stored sign-in, as a person has it.
    del environment["V6_PASSWORD_FILE"], environment["V6_USERNAME"]
    paint, live = [], []
    for _ in range(ROUNDS):
        screen = Screen([program("v6-console")], environment)
        paint.append(screen.until("Home".encode()) * 1000)
        live.append(screen.until("● live".encode()) * 1000)
        screen.end()
    show("first screen", paint, "ms")
    show("live data", live, "ms")
    screen = Screen([program("v6-console")], environment)
    screen.until("● live".encode())
    screen.settle(2)
    cpu, written = screen.idle()
    print(f"  {'idle for ' + str(IDLE) + ' s':30} CPU {cpu:7.2f} %    {written} bytes")
    server.sql("UPDATE run SET status = 'active', finished_at = NULL WHERE id = ?1", TASKS)
    for name, command, keys in (
        (f"key in {TASKS:,} tasks", ":tasks\r", [b"j", b"k"] * 4 + [b"\x1b[6~", b"G", b"g", b"S"]),
        (f"key in {LINES:,} log lines", f":run {TASKS}\r", [b"k", b"j"] * 4 + [b"\x1b[5~", b"g", b"G", b"w"]),
    ):
        os.write(screen.terminal, command.encode())
        screen.settle(1.5)
        presses = [screen.press(key) for key in keys * ROUNDS]
        show(name + ", to last byte", [one[0] for one in presses], "ms")
        show(name + ", bytes", [one[1] for one in presses], "  ")
    print(f"  {'memory with both':30}     {screen.memory():7.1f} MB")
    os.write(screen.terminal, b"F")
    screen.settle()
    node = TalkingNode(server, collaboration, key)
    talk = threading.Thread(target=node.talk, args=(IDLE,))
    before, cpu, begun = len(screen.bytes), screen.cpu(), time.monotonic()
    talk.start()
    while talk.is_alive():
        screen.read(0.2)
    seconds = time.monotonic() - begun
    node.isOver.set()
    print(
        f"  {str(LINES_A_SECOND) + ' log lines a second':30} CPU {(screen.cpu() - cpu) / seconds * 100:7.2f} %"
        f"    {(len(screen.bytes) - before) / seconds / 1000:.1f} kB/s, {screen.memory():.1f} MB")
    if b"of the live log" not in screen.bytes:
        sys.exit("the live log did not reach the screen")
    screen.end()
    return environment


def beside(name, command, environment, ready, down=b"j", up=b"k"):
    """The same five figures of any program with a list: first screen, key, bytes for a key, idleness, memory."""
    first = []
    for _ in range(ROUNDS):
        screen = Screen(command, environment)
        first.append(screen.until(ready) * 1000)
        screen.settle()
        screen.end()
    screen = Screen(command, environment)
    screen.until(ready)
    screen.settle(1.5)
    presses = [screen.press(key) for key in [down, down, up, down, up, up] * 2 * ROUNDS]
    cpu, written = screen.idle()
    row = {
        "first ms": statistics.median(first), "key ms": statistics.median(one[0] for one in presses),
        "bytes/key": statistics.median(one[1] for one in presses), "idle CPU %": cpu, "idle bytes/s": written / IDLE,
        "MB": screen.memory(),
    }
    screen.end()
    return name, row


def others(environment):
    """The console on its list of tasks beside programs that people hold up as quick, on the same terminal."""
    plain = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
    rows = [beside("v6-console", [program("v6-console")], environment, "Home".encode())]
    root = pathlib.Path(__file__).parents[1]
    for command, ready, down, up in (
        (["tig", "-C", str(root)], b"[main]", b"j", b"k"),
        (["htop"], b"F10", b"\x1bOB", b"\x1bOA"),
        (["ncdu", "-0", "/etc"], b"Total disk usage", b"j", b"k"),
    ):
        if shutil.which(command[0]):
            rows.append(beside(command[0], command, plain, ready, down, up))
    names = list(rows[0][1])
    print("  " + "".ljust(12) + "".join(name.rjust(14) for name in names))
    for name, row in rows:
        print("  " + name.ljust(12) + "".join(f"{row[key]:14.1f}" for key in names))
    ours = rows[0][1]
    for name, row in rows[1:]:
        ratios = "".join((f"{ours[key] / row[key]:.1f} x" if row[key] else "–").rjust(14) for key in names)
        print("  " + f"/ {name}".ljust(12) + ratios)


def main():
    print(f"{ROUNDS} rounds, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {program('v6-console')}")
    with tempfile.TemporaryDirectory(prefix="v6-bench.") as folder:
        server = Server(pathlib.Path(folder)).start()
        try:
            others(console(server, *fill(server)))
        finally:
            server.stop()


main()
