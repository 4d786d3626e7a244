# SPDX-License-Identifier: Apache-2.0
"""An algorithm store as the console and the server ask it: what the network's own algorithms would look like in one."""

import http.server
import json
import sys
import threading
import urllib.request
from urllib.parse import parse_qs, urlparse


def digest(registry, name):
    """The digest under which the registry has an image of the network."""
    accepted = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
    request = urllib.request.Request(
        f"http://{registry}/v2/v6/{name}/manifests/1", method="HEAD", headers={"Accept": accepted})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers["Docker-Content-Digest"]


def argument(number, name, kind, **more):
    return {"id": number, "name": name, "type": kind, "has_default_value": False, "default_value": None,
            "allowed_values": [], "conditional_on_id": None, "is_frontend_only": False, **more}


def algorithms(registry):
    """Both example algorithms, with their real digests."""
    return [
        {
            "id": 1, "name": "Federated summary", "description": "Count, mean and spread of each column.",
            "image": f"{registry}/v6/summary:1", "digest": digest(registry, "summary"), "status": "approved",
            "partitioning": "horizontal", "functions": [{
                "name": "summary", "type": "central", "standalone": True, "description": "All columns, all sites.",
                "databases": [{"name": "data", "description": "any table"}], "arguments": [],
            }],
        },
        {
            "id": 2, "name": "Federated logistic regression", "description": "One model over all sites.",
            "image": f"{registry}/v6/logistic:1", "digest": digest(registry, "logistic"), "status": "approved",
            "partitioning": "horizontal", "functions": [{
                "name": "logistic", "type": "central", "standalone": True, "description": "Fits the model.",
                "databases": [{"name": "data", "description": "one row a patient"}],
                "arguments": [
                    argument(1, "outcome", "column", description="0 or 1"),
                    argument(2, "columns", "column_list"),
                ],
            }],
        },
    ]


class Catalogue:
    """A store in this process; it remembers who asked."""

    def __init__(self, content):
        self.asked = []
        catalogue = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                """Nobody reads it."""

            def handle_call(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                url = urlparse(self.path)
                catalogue.asked.append((url.path, self.headers.get("server_url"), self.headers.get("Authorization")))
                status, value = 201, {"id": 1}
                if self.command == "GET" and url.path.endswith("/algorithm"):
                    image = parse_qs(url.query).get("image", [None])[0]
                    found = [one for one in content if image is None or image.split("@")[0] == one["image"]]
                    status, value = 200, {"data": found, "links": {"first": url.path}}
                elif self.command == "GET":
                    status, value = 200, [{"id": 1, "url": "x"}]
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = handle_call

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/api"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    # For pictures and for trying by hand: a store of the registry's images, until it is stopped; prints its address.
    store = Catalogue(algorithms(sys.argv[1]))
    print(store.url, flush=True)
    threading.Event().wait()
