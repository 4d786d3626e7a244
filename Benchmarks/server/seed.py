# SPDX-License-Identifier: Apache-2.0
"""Fills a database that v6-server has made: 100 organizations in 100 collaborations of ten, 1,000 nodes, one researcher,
and any number of tasks with three runs each, straight into the tables.

The ten newest tasks of the first collaboration are open, all others are done.
"""

import hashlib
import sqlite3
import subprocess

import crypt

CIRCLE = 100
RESEARCHER = 100_000
FIRST_NODE = 200_000
FIRST_ORGANIZATION = 1_000
FIRST_COLLABORATION = 1_000
FIRST_TASK = 1
MOMENT = "'2026-02-03 10:11:12.000131'"


def organization(number):
    return FIRST_ORGANIZATION + number % CIRCLE


def api_key(number):
    return f"00000000-0000-4000-8000-{number:012d}"


def bcrypt(secret):
    return crypt.crypt(secret, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1 << 12)).replace("$2y$", "$2b$")


def statements(tasks, password, series, blob):
    """Everything as statements that both engines read; `series(n)` is a table `numbers(n)` that counts to n."""
    yield f"INSERT INTO organization (id, name) {series(CIRCLE)} SELECT {FIRST_ORGANIZATION} + n - 1, 'organization ' || n FROM numbers"
    yield f"""INSERT INTO collaboration (id, name, encrypted) {series(CIRCLE)}
        SELECT {FIRST_COLLABORATION} + n - 1, 'collaboration ' || n, FALSE FROM numbers"""
    for step in range(10):
        yield f"""INSERT INTO "Member" (organization_id, collaboration_id) {series(CIRCLE)}
            SELECT {FIRST_ORGANIZATION} + (n - 1 + {step}) % {CIRCLE}, {FIRST_COLLABORATION} + n - 1 FROM numbers"""
    yield f"INSERT INTO authenticatable (id, type) VALUES ({RESEARCHER}, 'user')"
    yield f"""INSERT INTO "user" (id, username, password, email, organization_id, failed_login_attempts)
        VALUES ({RESEARCHER}, 'researcher', '{bcrypt(password)}', 'researcher@example.org', {FIRST_ORGANIZATION}, 0)"""
    yield f"""INSERT INTO "Permission" (role_id, user_id)
        SELECT id, {RESEARCHER} FROM role WHERE name = 'Researcher' AND organization_id IS NULL"""
    yield f"""INSERT INTO authenticatable (id, type, status, last_seen) {series(CIRCLE * 10)}
        SELECT {FIRST_NODE} + n - 1, 'node', 'online', {MOMENT} FROM numbers"""
    # The node that signs in has a hash of its own key; the hashes of the others cost as much and fit none.
    others = bcrypt("nobody knows this one")
    yield f"""INSERT INTO node (id, name, api_key, collaboration_id, organization_id) {series(CIRCLE * 10)}
        SELECT {FIRST_NODE} + n - 1, 'node ' || n, '{others}', {FIRST_COLLABORATION} + (n - 1) / 10,
            {FIRST_ORGANIZATION} + ((n - 1) / 10 + (n - 1) % 10) % {CIRCLE} FROM numbers"""
    hashed = bcrypt(api_key(0))
    yield f"UPDATE node SET api_key = '{hashed}' WHERE id = {FIRST_NODE}"
    for number in range(CIRCLE * 10):
        digest = blob(hashlib.sha256(api_key(number).encode()).hexdigest())
        yield f"""INSERT INTO v6_node_key (digest, node_id, api_key)
            VALUES ({digest}, {FIRST_NODE + number}, '{others if number else hashed}')"""
    yield f"""INSERT INTO task (id, name, description, image, collaboration_id, job_id, init_org_id, init_user_id, created_at)
        {series(tasks)}
        SELECT {FIRST_TASK} + n - 1, 'average ' || n, 'The average age, as asked for by the committee',
            'registry.example.org/algorithms/average:1.2', {FIRST_COLLABORATION} + n % {CIRCLE}, n,
            {FIRST_ORGANIZATION} + n % {CIRCLE}, {RESEARCHER}, {MOMENT} FROM numbers"""
    yield f"""INSERT INTO taskdatabase (id, task_id, "database", parameters) {series(tasks)}
        SELECT n, {FIRST_TASK} + n - 1, 'default', '{{}}' FROM numbers"""
    is_open = f"(n % {CIRCLE} = 0 AND n > {tasks - 10 * CIRCLE})"
    given = "eyJtZXRob2QiOiAiYXZlcmFnZSIsICJhcmdzIjogW10sICJrd2FyZ3MiOiB7ImNvbHVtbiI6ICJhZ2UifX0="
    found = "eyJzdW0iOiAyODE5NC4wLCAiY291bnQiOiA1MTJ9"
    for step in range(3):
        yield f"""INSERT INTO run (id, input, task_id, organization_id, result, assigned_at, started_at, finished_at, status,
                log, blob_storage_used) {series(tasks)}
            SELECT 3 * (n - 1) + {step} + 1, '{given}', {FIRST_TASK} + n - 1,
                {FIRST_ORGANIZATION} + (n + {step}) % {CIRCLE},
                CASE WHEN {is_open} THEN NULL ELSE '{found}' END, {MOMENT},
                CASE WHEN {is_open} THEN NULL ELSE {{moment}} END, CASE WHEN {is_open} THEN NULL ELSE {{moment}} END,
                CASE WHEN {is_open} THEN 'pending' ELSE 'completed' END,
                CASE WHEN {is_open} THEN NULL ELSE 'info > average of 512 rows' END, FALSE FROM numbers"""


def sqlite(path, tasks, password):
    def series(count):
        return f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"

    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    for statement in statements(tasks, password, series, lambda digits: f"x'{digits}'"):
        database.execute(statement.replace("{moment}", MOMENT))
    database.commit()
    database.close()


def postgres(command, tasks, password):
    """`command` is that of psql, connected."""

    def series(count):
        return f"WITH numbers AS (SELECT generate_series(1, {count}) AS n)"

    lines = ["BEGIN"]
    for statement in statements(tasks, password, series, lambda digits: f"'\\x{digits}'"):
        lines.append(statement.replace("{moment}", f"TIMESTAMP {MOMENT}"))
    for table in ("authenticatable", "organization", "collaboration", "task", "taskdatabase", "run"):
        lines.append(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    lines += ["COMMIT", "VACUUM ANALYZE"]
    subprocess.run(
        command + ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        input=";\n".join(lines) + ";\n", text=True, check=True)
