# SPDX-License-Identifier: Apache-2.0
"""nginx in front of servers, as docs/operating.md shows it."""

import os
import pathlib
import re
import signal
import subprocess

from network import ROOT
from servers import free_port


class Nginx:
    """nginx with the configuration of docs/operating.md, at other ports."""

    def __init__(self, folder, servers):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.certificate = self.folder / "certificate.pem"
        key = self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", self.certificate, "-keyout", key],
            check=True, stderr=subprocess.DEVNULL)
        site = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "operating.md").read_text(), re.DOTALL)[1]
        for found, wanted in (
            ("127.0.0.1:7601", f"127.0.0.1:{servers[0].port}"), ("127.0.0.1:7602", f"127.0.0.1:{servers[1].port}"),
            ("listen 443", f"listen 127.0.0.1:{self.port}"), ("/etc/ssl/certs/vantage6.pem", str(self.certificate)),
            ("/etc/ssl/private/vantage6.key", str(key)),
        ):
            assert found in site, f"docs/operating.md no longer says {found}"
            site = site.replace(found, wanted)
        temporary = "".join(
            f"{name}_temp_path {self.folder}/nginx-{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.getuid() == 0 else ""
        self.config = self.folder / "nginx.conf"
        self.config.write_text(
            f"{user}daemon off;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/nginx.log;\nworker_processes 2;\n"
            f"events {{ worker_connections 1024; }}\nhttp {{\naccess_log off;\n{temporary}{site}\n}}\n")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-c", str(self.config)], stderr=subprocess.DEVNULL, start_new_session=True)
        return self

    def stop(self):
        """Kills master and workers."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
