# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the world around a server: a mailbox that takes every mail, and an algorithm store."""

import http.server
import json
import re
import socketserver
import threading
import time
from urllib.parse import parse_qs, urlparse


class MailSink:
    """Accepts mail on a free port and keeps the messages."""

    def __init__(self):
        self.mails = []
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("220 sink")
                to, data = [], None
                for raw in self.rfile:
                    line = raw.decode("utf8", "replace").rstrip("\r\n")
                    if data is not None and line == ".":
                        sink.mails.append({"to": to, "data": "\n".join(data)})
                        to, data = [], None
                        self.say("250 ok")
                    elif data is not None:
                        data.append(line.removeprefix(".") if line.startswith("..") else line)
                    elif line[:4].upper() == "DATA":
                        data = []
                        self.say("354 go")
                    elif line[:4].upper() == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        if line[:4].upper() == "RCPT":
                            to.append(re.sub(r".*<(.*)>.*", r"\1", line))
                        self.say("250 ok")

            def say(self, text):
                self.wfile.write((text + "\r\n").encode())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def wait(self, count, seconds):
        """Until there are so many mails, or the time is over."""
        deadline = time.monotonic() + seconds
        while len(self.mails) < count and time.monotonic() < deadline:
            time.sleep(0.02)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class AlgorithmStore:
    """Answers as an algorithm store would; the first segment of the path chooses how.

    s201 accepts, s208 knows the server already, p403 refuses but has a public policy, q403 refuses and is private,
    s503 fails. An image with 'unknown' in it is not found; one with 'nodigest' has no digest.
    """

    def __init__(self):
        self.calls = []
        store = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                """Nobody reads it."""

            def answer(self, status, value):
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def handle_call(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                try:
                    body = json.loads(body) if body else None
                except ValueError:
                    pass  # kept as the text it is
                store.calls.append({
                    "method": self.command, "path": self.path, "server_url": self.headers.get("server_url"),
                    "authorization": self.headers.get("Authorization"), "body": body,
                })
                self.answer(*self.reply(urlparse(self.path)))

            def reply(self, url):
                mode = url.path.split("/")[1]
                if self.command == "POST":
                    status = {"s208": 208, "p403": 403, "q403": 403, "s503": 503}.get(mode, 201)
                    return status, {"id": 1} if status < 300 else {"msg": "refused by stub"}
                if self.command == "DELETE":
                    return 200, {"msg": "deleted"}
                if "policy" in url.path:
                    return 200, {"algorithm_view": "public" if mode == "p403" else "private"}
                if url.path.endswith("/algorithm"):
                    image = parse_qs(url.query).get("image", [""])[0]
                    digest = None if "nodigest" in image else "sha256:" + "ab" * 32
                    found = {"id": 1, "image": "registry.example.org/algo/average:1.2", "digest": digest}
                    return 200, {"data": [] if "unknown" in image else [found], "links": {}}
                if url.path.endswith("/vantage6-server"):
                    return (403, {"msg": "no"}) if mode == "q403" else (200, [{"id": 7, "url": "x"}])
                return 404, {"msg": "nothing here"}

            do_GET = do_POST = do_DELETE = do_PATCH = handle_call

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
