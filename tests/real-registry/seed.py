"""Fills an open registry over its API: seed.py http://127.0.0.1:5000

`harness/ci-addon` and `m/plugins/cache` get 300 tags each, 1.0.0 to 1.29.9, every tenth with an
image of its own, built on 2026-01-01 plus as many days as its first two numbers say.
"""

import datetime
import hashlib
import json
import sys
import urllib.request

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def call(method, url, body=None, kind="application/octet-stream"):
    request = urllib.request.Request(url, data=body, method=method)
    request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request) as answer:
        return answer.headers


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def blob(base, name, content, kind):
    """Pushes a blob; what a manifest says about it."""
    place = call("POST", f"{base}/v2/{name}/blobs/uploads/", b"")["Location"]
    mark = "&" if "?" in place else "?"
    call("PUT", f"{place}{mark}digest={digest(content)}", content)
    return {"mediaType": kind, "size": len(content), "digest": digest(content)}


def manifest(base, name, content, reference=None):
    """Pushes a manifest under a tag, or its digest; what an index says about it."""
    body = json.dumps(content).encode()
    kind = content["mediaType"]
    call("PUT", f"{base}/v2/{name}/manifests/{reference or digest(body)}", body, kind)
    return {"mediaType": kind, "size": len(body), "digest": digest(body)}


def push(base, name, created):
    """Pushes an image for every tag of `created`, a map to when it was built."""
    # An empty gzip file serves as the layer.
    layer = blob(base, name, bytes.fromhex("1f8b08000000000000ff03000000000000000000"), LAYER)
    manifests = {}
    for tag, time in created.items():
        if time not in manifests:
            config = json.dumps({"created": time, "os": "linux", "architecture": "amd64"}).encode()
            manifests[time] = {
                "schemaVersion": 2, "mediaType": MANIFEST,
                "config": blob(base, name, config, CONFIG), "layers": [layer],
            }
        manifest(base, name, manifests[time], tag)


def built(minor):
    return f"{datetime.date(2026, 1, 1) + datetime.timedelta(days=minor)}T12:00:00Z"


if __name__ == "__main__":
    for repository in ["harness/ci-addon", "m/plugins/cache"]:
        push(sys.argv[1], repository,
             {f"1.{minor}.{patch}": built(minor) for minor in range(30) for patch in range(10)})
