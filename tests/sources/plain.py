"""Writes the corpus without its marks: plain.py FROM TO."""

import re
import sys
from pathlib import Path

source, target = map(Path, sys.argv[1:])
target.mkdir(parents=True, exist_ok=True)
for path in source.iterdir():
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"«!?(?:[^¦»]*¦)?([^»]*)»|‹([^›]*)›|✗", lambda mark: mark[1] or mark[2] or "", text)
    with open(target / path.name, "w", newline="", encoding="utf-8") as file:
        file.write(text)
