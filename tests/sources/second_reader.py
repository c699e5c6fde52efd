"""Finds images in files with PyYAML and rules of its own, and compares: with what the program found,
and with what is true.

    second_reader.py found.jsonl folder                 the program's lines against this reader's
    second_reader.py found.jsonl folder truth.json      and against the truth of composed files
"""

import json
import re
import sys
from pathlib import Path

import yaml

# libyaml's events: what Go's runners read, too. Without it PyYAML refuses tabs that are valid.
LOADER = yaml.CLoader

RUNNERS = {
    "Bandit": "bandit", "AquaTrivy": "aqua-trivy", "Grype": "grype", "Mend": "whitesource-agent", "Zap": "zap",
    "Sonarqube": "sonarqube-agent",
}
EXPRESSION = re.compile(r"<\+|\$\{|\{\{")
REFERENCE = re.compile(
    r"([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?"
)


class Twice(Exception):
    """A key that stands twice."""


def pairs(node, strict=False):
    """Keys and values of a mapping with merge keys resolved; of a doubled key the last counts."""
    own, merged = {}, {}
    if not isinstance(node, yaml.MappingNode):
        return own
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value == "<<" and not key.style:
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for source in sources:
                for name, inner in pairs(source).items():
                    merged.setdefault(name, inner)
            continue
        if strict and key.value in own:
            raise Twice
        own[key.value] = value
    return {**merged, **own}


def items(node):
    return node.value if isinstance(node, yaml.SequenceNode) else []


def text(node):
    return node.value if isinstance(node, yaml.ScalarNode) else None


def at(node, *path):
    for name in path:
        node = pairs(node).get(name)
    return node


def with_digest(image, digest):
    """An image with a floating tag and the digest that runs."""
    tag = image.rpartition("/")[2].partition(":")[2]
    is_version = re.search(r"(^|[-_.])v?\d+\.\d+\.\d+", tag)
    return f"{image}@{digest}" if digest and "@" not in image and not is_version else image


class Reader:
    def __init__(self, name, content):
        self.name, self.content, self.found, self.part = name, content, {}, 0

    def image(self, node, make=lambda value: value):
        value = text(node)
        if value is None or (not node.style and value in ("", "~", "null")):
            return
        value = value.strip()
        image = make(value)
        if not value or EXPRESSION.search(value) or image is None or not REFERENCE.fullmatch(image):
            return
        mark = node.start_mark
        self.found[self.part, mark.index] = (self.name, mark.line + 1, image)

    # Harness v0: every mapping below these keys may hold a step.

    def v0(self, node, is_step=False):
        for item in items(node):
            self.v0(item)
        keys = pairs(node)
        if is_step and text(keys.get("type")) is not None:
            kind = text(keys["type"])
            self.image(at(node, "spec", "image"))
            if kind in RUNNERS:
                self.image(at(node, "spec", "imageTag"), lambda tag: f"harness/{RUNNERS[kind]}-job-runner:{tag}")
        if is_step:
            inputs = at(node, "template", "templateInputs")
            if inputs is not None:
                self.v0(inputs, True)
            return
        for key, value in keys.items():
            if key == "step":
                self.v0(value, True)
            elif key == "serviceDependencies":
                for item in items(value):
                    self.v0(item, True)
            elif key == "template":
                self.v0(at(value, "templateInputs"))
            elif key in ("pipeline", "stages", "stage", "parallel", "spec", "execution", "steps", "rollbackSteps",
                         "stepGroup", "insert", "infrastructure", "infrastructureDefinition", "environment",
                         "provisioner", "inputSet", "templateInputs"):
                self.v0(value)

    def v1(self, node):
        for item in items(node):
            self.v1(item)
        for key, value in pairs(node).items():
            if key in ("run", "run-test", "background"):
                self.container(value)
            elif key == "services":
                for service in pairs(value).values():
                    self.image(at(service, "image"))
            elif key == "spec":
                self.container(value)
                self.v1(value)
            elif key == "jobs" and isinstance(value, yaml.MappingNode):
                for job in pairs(value).values():
                    self.v1(job)
            elif key in ("pipeline", "stages", "stage", "jobs", "steps", "step", "group", "parallel", "template"):
                self.v1(value)

    def container(self, step):
        container = at(step, "container")
        self.image(at(container, "image") or container)

    def lists(self, node, *names):
        for name in names:
            part = at(node, name)
            for step in [*items(part), *pairs(part).values()]:
                self.image(at(step, "image"))

    def kubernetes(self, node):
        for item in items(at(node, "items")):
            self.kubernetes(item)
        running = [(text(at(status, "name")), at(status, "imageID"))
                   for name in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
                   for status in items(at(node, "status", name)) if at(status, "imageID") is not None]
        by_name, written = dict(running), set()
        for path in (["spec"], ["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"],
                     ["template", "spec"]):
            for name in ("containers", "initContainers", "ephemeralContainers"):
                for container in items(at(node, *path, name)):
                    name = text(at(container, "name"))
                    identity = by_name.get(name) if name not in written else None
                    written.add(name)
                    digest = identity.value.partition("@")[2] if identity is not None else ""
                    self.image(at(container, "image"), lambda value: with_digest(value, digest))
        for name, identity in running:
            if "@" in identity.value and (name is None or name not in written):
                self.image(identity, lambda value: value.removeprefix("docker-pullable://"))

    def strict(self, node):
        for child in [*pairs(node, strict=True).values(), *items(node)]:
            self.strict(child)

    def document(self, root, number):
        """Whether the file is read on after this document."""
        keys = pairs(root)
        kind = text(keys.get("kind"))
        if text(keys.get("apiVersion")) is not None:
            if kind is not None:
                self.kubernetes(root)
        elif text(keys.get("version")) == "1" or (kind and isinstance(keys.get("spec"), yaml.MappingNode)):
            if kind != "input-set":
                self.v1(root)
        elif kind is not None:
            if kind == "pipeline" and text(keys.get("type")) in (None, "docker", "kubernetes"):
                self.lists(root, "steps", "services")
        elif any(isinstance(keys.get(name), yaml.MappingNode) for name in ("pipeline", "template", "inputSet", "trigger")):
            self.harness(root, keys)
        elif any(isinstance(at(step, name), yaml.MappingNode) for step in items(keys.get("steps"))
                 for name in ("run", "run-test", "background")):
            self.v1(root)
        elif "steps" in keys and number == 0:
            try:
                self.strict(root)
                self.lists(root, "steps", "services", "clone")
            except Twice:
                pass
            return False
        return True

    def harness(self, root, keys):
        pipeline = keys.get("pipeline")
        stages = items(at(pipeline, "stages"))
        flat = [stage for stage in stages if "stage" not in pairs(stage) and
                not isinstance(at(stage, "parallel"), yaml.SequenceNode)]
        if pipeline is not None and (flat or "jobs" in pairs(pipeline) or "steps" in pairs(pipeline)):
            self.v1(root)
            return
        template = keys.get("template")
        if template is not None and "spec" in pairs(template):
            self.v0(at(template, "spec"), text(at(template, "type")) == "Step")
        for name in ("pipeline", "inputSet"):
            self.v0(keys.get(name))
        embedded = at(root, "trigger", "inputYaml")
        if embedded is not None and embedded.style == "|":
            # The lines of a literal block begin below its mark.
            inner = Reader(self.name, embedded.value)
            inner.read()
            for index, (name, line, image) in inner.found.items():
                self.found[self.part, "embedded", index] = (name, embedded.start_mark.line + 1 + line, image)
        elif embedded is not None:
            inner = Reader(self.name, embedded.value)
            inner.read()
            for index, (name, _, image) in inner.found.items():
                self.found[self.part, "embedded", index] = (name, embedded.start_mark.line + 1, image)

    def read(self):
        # Each document by itself, so that what follows a broken one is read; a directive stays with its own.
        parts, part = [], []
        directive = False
        for line in self.content.removeprefix("\ufeff").splitlines(keepends=True):
            if re.match(r"---(\s|$)", line) and part and not directive:
                parts.append(part)
                part = [re.sub(r".*", "", other) for done in [part] for other in done]
            if line.strip() and not line.startswith("#"):
                directive = line.startswith("%")
            part.append(line)
        parts.append(part)
        number = 0
        for self.part, lines in enumerate(parts):
            # What comes before is left as empty lines, so that lines count on.
            try:
                for root in yaml.compose_all("".join(lines), Loader=LOADER):
                    if root is not None and not self.document(root, number):
                        return
                    number += 1
            except yaml.YAMLError:
                number += 1


def main():
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    found = sorted((row["file"], row["line"], row["image"]) for row in map(json.loads, lines))
    folder = Path(sys.argv[2])
    expected = []
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml", ".json") and path.name != "truth.json")
    for path in files:
        with open(path, newline="", encoding="utf-8") as file:
            reader = Reader(path.relative_to(folder).as_posix(), file.read())
        reader.read()
        expected += reader.found.values()
    compare("this reader", sorted(expected), found)
    if len(sys.argv) > 3:
        truth = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
        compare("the truth", sorted((name, line, image) for name, images in truth.items() for image, line in images), found)
    print(f"{len(files)} files, {len(found)} images: the same by the program and by PyYAML {yaml.__version__}")


def compare(name, expected, found):
    if expected != found:
        missing = [row for row in expected if row not in found]
        extra = [row for row in found if row not in expected]
        sys.exit(f"{name} differs: {len(missing)} not found {missing[:5]}, {len(extra)} too many {extra[:5]}")


main()
