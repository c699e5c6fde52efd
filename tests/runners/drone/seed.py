"""Fills an open registry with an empty image under every tag that the pipelines count: seed.py <url>

The repositories are those of the defaults in tests/data; each gets the default's tag and, where that is
x.y.z, the releases x.(y-1).0 to x.(y-4).0 before it, in the same variant, built ten days ago.
"""

import datetime
import json
import pathlib
import re
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent.parent / "real-registry"))
from seed import push  # noqa: E402

tags = {}
for file in (here.parent.parent / "data/execution-config").glob("*-default-202[356].json"):
    content = json.loads(file.read_text())
    for image in content.get("data", content).values():
        match = re.fullmatch(r"([a-z0-9_./-]+):([\w.-]+)", image or "")
        if match:
            repository, tag = match.groups()
            found = tags.setdefault(repository, set())
            found.add(tag)
            numbers = re.fullmatch(r"(\D*)(\d+)\.(\d+)\.(\d+)(.*)", tag)
            if numbers:
                prefix, x, y, _, suffix = numbers.groups()
                found.update(f"{prefix}{x}.{n}.0{suffix}" for n in range(max(0, int(y) - 4), int(y)))
built = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
for repository, of_repository in sorted(tags.items()):
    push(sys.argv[1], repository, {tag: built for tag in of_repository})
print(f"{len(tags)} repositories, {sum(map(len, tags.values()))} tags")
