"""Fills an open registry over its API: seed.py <http://127.0.0.1:5000> <seed.json>

For every repository and tag of the file: an OCI index with images for two platforms and an
attestation, or, for repositories whose name ends in `-chart`, a helm chart. Tags have contents of
their own. `--retag <repository> <tag>` moves a tag to new content instead.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "real-registry"))
from seed import blob, manifest  # noqa: E402

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def image(base, name, config, config_kind, layer, layer_kind, reference=None):
    return manifest(base, name, {
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": blob(base, name, json.dumps(config).encode(), config_kind),
        "layers": [blob(base, name, layer, layer_kind)],
    }, reference)


def index(base, name, tag, salt):
    children = []
    for architecture in ["amd64", "arm64"]:
        config = {"created": "2026-10-01T12:00:00Z", "os": "linux", "architecture": architecture,
                  "rootfs": {"type": "layers", "diff_ids": []}}
        layer = f"{name}:{tag}:{architecture}:{salt}".encode() * 50
        child = image(base, name, config, CONFIG, layer, LAYER)
        children.append(child | {"platform": {"os": "linux", "architecture": architecture}})
    statement = json.dumps({"_type": "https://in-toto.io/Statement/v0.1", "of": children[0]["digest"]}).encode()
    attestation = image(base, name, {"os": "unknown", "architecture": "unknown", "rootfs": {"type": "layers", "diff_ids": []}},
                        CONFIG, statement, "application/vnd.in-toto+json")
    children.append(attestation | {
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest",
                        "vnd.docker.reference.digest": children[0]["digest"]},
    })
    manifest(base, name, {"schemaVersion": 2, "mediaType": INDEX, "manifests": children}, tag)


def chart(base, name, tag, salt):
    image(base, name, {"name": name, "version": tag}, "application/vnd.cncf.helm.config.v1+json",
          f"{name}:{tag}:{salt}".encode(), "application/vnd.cncf.helm.chart.content.v1.tar+gzip", tag)


def seed(base, name, tag, salt=""):
    (chart if name.endswith("-chart") else index)(base, name, tag, salt)


base = sys.argv[1]
if sys.argv[2] == "--retag":
    seed(base, sys.argv[3], sys.argv[4], "again")
else:
    for name, tags in json.load(open(sys.argv[2])).items():
        for tag in tags:
            seed(base, name, tag)
