# SPDX-License-Identifier: Apache-2.0
"""The starting state of a pack, and a server on it."""

import contextlib
import json
import pathlib
import re
import signal
import sqlite3
import subprocess
import time

from network import program

PACKS = pathlib.Path(__file__).parent / "packs"
SECRET = "replay-signing-secret-0123456789abcdef"
# The recording kept its blobs in Azure; ours are in a folder.
AZURE = "  type: azure\n  container_name: c\n  connection_string: x\n"


def load(pack):
    """The header and the steps of a pack."""
    with open(PACKS / f"{pack}.jsonl", encoding="utf8") as file:
        header, *steps = map(json.loads, file)
    return header, steps


def sqlite_database(pack, file):
    """Makes the database as the original would have left it."""
    script = (PACKS / "schema.sqlite.sql").read_text() + "BEGIN;" + (PACKS / f"{pack}.sql").read_text() + "COMMIT;"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
    return f"sqlite:///{file}"


def postgres_script(pack):
    """What makes the same on PostgreSQL."""
    rows = re.sub(r"X'([0-9a-f]*)'", r"'\\x\1'", (PACKS / f"{pack}.sql").read_text())
    tables = sorted(set(re.findall(r'INSERT INTO "(\w+)" \("id"', rows)) - {"user", "node"})
    sequences = "".join(
        f"""SELECT setval(pg_get_serial_sequence('"{table}"', 'id'), (SELECT max(id) FROM "{table}"));\n"""
        for table in tables
    )
    return f"{(PACKS / 'schema.postgres.sql').read_text()}\nBEGIN;\n{rows}\n{sequences}COMMIT;"


def forget_wrong_logins(uri, user, postgres):
    """Unlocks an account and lets its one-time codes work again, as an operator at the database could."""
    script = f"""
        UPDATE "user" SET failed_login_attempts = 0 WHERE username = '{user}';
        DELETE FROM v6_totp WHERE user_id = (SELECT id FROM "user" WHERE username = '{user}');
    """
    if uri.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(uri.removeprefix("sqlite:///"), timeout=10)) as connection:
            connection.executescript(script)
    else:
        postgres.sql(re.search(r"/(\w+)\?", uri)[1], script)


def configuration(pack, folder, uri, smtp_port):
    """Writes the configuration of a pack, filled in; its file."""
    text = (PACKS / f"{pack}.yaml").read_text()
    assert pack != "blob" or AZURE in text
    text = text.replace(AZURE, f"  type: disk\n  folder: {folder}/blobs\n")
    for name, value in (("PORT", 0), ("DB_URI", uri), ("SECRET", SECRET), ("SMTP_PORT", smtp_port)):
        text = text.replace("${%s}" % name, str(value))
    if "cors_allowed_origins" not in text:
        text += 'cors_allowed_origins: "*"\n'  # what the original allows unless it is told otherwise
    file = folder / f"{pack}.yaml"
    file.write_text(text)
    return file


@contextlib.contextmanager
def server(configuration, log):
    """Our server, started by its command; the address it listens on."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [program("v6-server"), "start", "--config", configuration], stdout=output, stderr=output,
            stdin=subprocess.DEVNULL,
        )
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"listening on (http://[^/\s]+)", pathlib.Path(log).read_text())):
            assert time.monotonic() < deadline and process.poll() is None, pathlib.Path(log).read_text()
            time.sleep(0.05)
        yield found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
