# SPDX-License-Identifier: Apache-2.0
"""An algorithm image with the original vantage6-algorithm-tools, made without any image hub.

The files of this machine's own Python, the packages from PyPI (kept in the cache of the build), the libraries that all of
them need, and one module of ours, as the only layer.
"""

import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import urllib.parse

from network import ROOT, UnixConnection

REQUIREMENTS = ["vantage6-algorithm-tools==4.15.2", "pandas"]
SITE = "opt/site"
START = "from vantage6.algorithm.tools.wrap import wrap_algorithm; wrap_algorithm()"


def packages():
    """The folder with the packages, installed once."""
    cache = pathlib.Path(os.environ.get("V6_CACHE", ROOT / ".build" / "v6"))
    folder = cache / f"algorithm-tools-{sys.version_info.major}.{sys.version_info.minor}"
    done = folder / ".done"
    if not done.exists() or done.read_text().split("\n") != REQUIREMENTS:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder,
             "--upgrade", *REQUIREMENTS], check=True, timeout=600,
        )
        done.write_text("\n".join(REQUIREMENTS))
    return folder


def libraries(files):
    """The shared libraries that programs and libraries need, as the loader of this machine finds them."""
    found, batch = set(), 200
    for start in range(0, len(files), batch):
        done = subprocess.run(["ldd", *files[start:start + batch]], capture_output=True, text=True)
        found.update(re.findall(r"(?:=> |^\s)(/[^ ]+) \(0x", done.stdout, re.MULTILINE))
    return found


def layer(module):
    """The content of the image, as a tar archive."""
    program = pathlib.Path(sys.executable).resolve()
    standard = pathlib.Path(os.__file__).resolve().parent
    site = packages()
    binaries = [str(program)]
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.GNU_FORMAT) as tar:
        def add(path, place):
            tar.add(path, place, recursive=False)
            if path.is_file() and ".so" in path.name:
                binaries.append(str(path))

        for folder, place in ((standard, str(standard).lstrip("/")), (site, SITE)):
            for path in sorted(folder.rglob("*")):
                inner = path.relative_to(folder)
                if {"tests", "test", "__pycache__", "idlelib", "tkinter"}.isdisjoint(inner.parts) and path.name != ".done":
                    add(path, f"{place}/{inner}")
        tar.add(module, f"{SITE}/{module.name}", recursive=False)
        tar.add(program, "usr/bin/python3", recursive=False)
        for library in sorted(libraries(binaries)):
            if not library.startswith(str(site)):
                tar.add(pathlib.Path(library).resolve(), library.lstrip("/"), recursive=False)
    return archive.getvalue()


def push(network, module):
    """Builds the image and pushes it; its name."""
    name = f"{network.registry}/v6/python{module.stem}"
    changes = [
        "ENV " + " ".join([
            f"PKG_NAME={module.stem}", f"PYTHONPATH=/{SITE}", "PYTHONDONTWRITEBYTECODE=1", "PATH=/usr/bin",
            "LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu",
        ]),
        f"CMD {json.dumps(['/usr/bin/python3', '-c', START])}",
    ]
    query = urllib.parse.urlencode({"fromSrc": "-", "repo": name, "tag": "1", "changes": changes}, doseq=True)
    call(network, f"/images/create?{query}", layer(module), "application/x-tar")
    answer = call(network, f"/images/{name}/push?tag=1", b"", None)
    assert '"error"' not in answer, answer
    network.call_engine("DELETE", f"/images/{name}:1")
    return f"{name}:1"


def call(network, path, body, kind):
    connection = UnixConnection(network.engine.removeprefix("unix://"))
    headers = {"X-Registry-Auth": "e30="} | ({"Content-Type": kind} if kind else {})
    connection.request("POST", f"/v1.41{path}", body, headers)
    connection.sock.settimeout(300)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status < 400, f"{path}: {answer.status} {text}"
    return text
