# SPDX-License-Identifier: Apache-2.0
"""Large inputs and results in a bucket: our server beside moto, which checks signatures as Amazon does."""

import hashlib
import os
import re
import subprocess
import sys

import pytest
import requests

from network import wait_until
from replay import world

boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: script/bootstrap --tests")
# Read from what the server itself says of its memory: code, caches of the database, one part for each upload.
MEMORY = 160 << 20
SIZE = int(os.environ.get("V6_BLOB_MB", "48")) << 20
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """A store with a bucket and a key for it; from here on it refuses what is not signed by a known key."""
    log = tmp_path_factory.mktemp("moto") / "log"
    # Making user, key, policy and bucket takes four requests, which nobody can have a key for yet.
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "4"}, stdout=output, stderr=output)
    try:
        found = wait_until("store", lambda: re.search(r"http://127\.0\.0\.1:\d+", log.read_text()), 60)
        nobody = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-west-1"}
        people = boto3.client("iam", endpoint_url=found[0], **nobody)
        people.create_user(UserName="v6")
        key = people.create_access_key(UserName="v6")["AccessKey"]
        people.put_user_policy(UserName="v6", PolicyName="all", PolicyDocument=POLICY)
        place = {"LocationConstraint": "eu-west-1"}
        boto3.client("s3", endpoint_url=found[0], **nobody).create_bucket(Bucket="results", CreateBucketConfiguration=place)
        account = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
        yield boto3.client("s3", endpoint_url=found[0], region_name="eu-west-1", **account), found[0], account
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def server(bucket, tmp_path):
    """Our server with its blobs in the bucket, and a token of a researcher."""
    with serving(bucket, tmp_path) as base:
        yield base


def serving(bucket, folder, secret=None):
    _, endpoint, account = bucket
    uri = world.sqlite_database("blob", folder / "blob.sqlite")
    file = folder / "server.yaml"
    file.write_text(f"""
port: 0
api_path: /api
uri: {uri}
jwt_secret_key: {world.SECRET}
large_result_store:
  type: s3
  endpoint: {endpoint}
  region: eu-west-1
  bucket: results
  prefix: v6/
  access_key_id: {account["aws_access_key_id"]}
  secret_access_key: {secret or account["aws_secret_access_key"]}
  max_size: {SIZE}
""")
    return world.server(file, folder / "server.log")


def signed_in(base):
    http = requests.Session()
    account = {"username": "alpha_res", "password": "Passw0rd!alpha_res"}
    token = http.post(f"{base}/api/token/user", json=account).json()["access_token"]
    http.headers["Authorization"] = f"Bearer {token}"
    return http


def pieces(size, digest):
    """So many bytes that are different everywhere, made as they are sent."""
    block = os.urandom(1 << 20)
    sent = 0
    while sent < size:
        piece = (sent.to_bytes(8, "big") + block)[:min(1 << 20, size - sent)]
        digest.update(piece)
        yield piece
        sent += len(piece)


def names(bucket):
    return [item["Key"] for item in bucket[0].list_objects_v2(Bucket="results").get("Contents", [])]


def task_with(http, base, blob):
    body = {
        "name": "blob", "image": "registry.example.org/algo/average:1.0", "collaboration_id": 1,
        "organizations": [{"id": 2, "input": blob}],
    }
    answer = http.post(f"{base}/api/task", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.mark.parametrize("size", [0, 1000, SIZE])
def test_a_blob_comes_back_and_goes_with_its_run(bucket, server, size):
    http = signed_in(server)
    sent, received = hashlib.sha256(), hashlib.sha256()
    answer = http.post(f"{server}/api/blobstream", data=pieces(size, sent) if size else b"")
    assert answer.status_code == 201, answer.text
    blob = answer.json()["uuid"]
    assert names(bucket) == [f"v6/{blob}"]
    task = task_with(http, server, blob)
    with http.get(f"{server}/api/blobstream/{blob}", stream=True) as answer:
        assert answer.status_code == 200
        assert int(answer.headers["Content-Length"]) == size
        for piece in answer.iter_content(1 << 20):
            received.update(piece)
    assert received.digest() == sent.digest()
    assert http.delete(f"{server}/api/task/{task}").status_code == 200
    assert names(bucket) == []


def test_what_is_too_large_leaves_nothing_behind(bucket, server):
    http = signed_in(server)
    answer = http.post(f"{server}/api/blobstream", data=pieces(SIZE + 1, hashlib.sha256()))
    assert answer.status_code == 413, answer.text
    assert names(bucket) == []
    assert not bucket[0].list_multipart_uploads(Bucket="results").get("Uploads")


def test_a_large_blob_takes_no_memory(server):
    http = signed_in(server)
    answer = http.post(f"{server}/api/blobstream", data=pieces(SIZE, hashlib.sha256()))
    blob = answer.json()["uuid"]
    task_with(http, server, blob)
    with http.get(f"{server}/api/blobstream/{blob}", stream=True) as answer:
        assert sum(len(piece) for piece in answer.iter_content(1 << 20)) == SIZE
    assert peak(server) < MEMORY


def peak(base):
    """The most memory the server that listens at an address ever held."""
    port = int(base.rpartition(":")[2])
    listening = subprocess.run(["ss", "-ltnpH", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    process = re.search(r"pid=(\d+)", listening)[1]
    with open(f"/proc/{process}/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1]) << 10


def test_a_wrong_key_is_refused_and_said(bucket, tmp_path):
    with serving(bucket, tmp_path, secret="wrong") as base:
        answer = signed_in(base).post(f"{base}/api/blobstream", data=b"x")
        assert answer.status_code == 500
    assert "SignatureDoesNotMatch" in (tmp_path / "server.log").read_text()
