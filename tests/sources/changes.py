"""Holds two folders against each other after a patch: nothing but values may differ.

    changes.py BEFORE AFTER FOUND_BEFORE.jsonl TAG

Every byte outside the scalars' lines is the same, and within a line what is around the image is.
"""

import json
import sys
from pathlib import Path

before, after = Path(sys.argv[1]), Path(sys.argv[2])
tag = sys.argv[4]
lines_of = {}
for row in map(json.loads, Path(sys.argv[3]).read_text(encoding="utf-8").splitlines()):
    lines_of.setdefault(row["file"], []).append(row)

changed = 0
for path in sorted(before.rglob("*.yml")):
    name = path.relative_to(before).as_posix()
    old, new = path.read_bytes(), (after / name).read_bytes()
    rows = lines_of.get(name, [])
    if not rows:
        assert old == new, name
        continue
    old_lines, new_lines = old.split(b"\n"), new.split(b"\n")
    assert len(old_lines) == len(new_lines), name
    # A block scalar has its value on the line after its mark.
    may = {row["line"] - 1 for row in rows} | {row["line"] for row in rows}
    for number, (left, right) in enumerate(zip(old_lines, new_lines)):
        if left == right:
            continue
        changed += 1
        assert number in may, (name, number + 1)
        start = 0
        while start < min(len(left), len(right)) and left[start] == right[start]:
            start += 1
        end = 0
        while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
            end += 1
        inserted = right[start : len(right) - end].decode()
        removed = left[start : len(left) - end].decode()
        # Only characters of references, and escapes of such.
        assert not set(removed) & set(" \t'{}[]&*!|>#,"), (name, number + 1, removed)
        assert not set(inserted) & set(" \t'\"{}[]&*!|>#,\\"), (name, number + 1, inserted)
        assert tag.encode() in right, (name, number + 1)
print(f"{changed} lines changed, each in its value only")
