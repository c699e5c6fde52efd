"""Composes marked documents of every dialect from a seed, and knows what is true of them.

    compose.py corpus <folder> <count>     files of the corpus, `composed` in their names
    compose.py plain <folder> <count>      files without marks, for patches: truth in truth.json

The marks are described in tests/sources.rs. Nothing here reads YAML: the truth comes from how a
document is put together.
"""

import json
import os
import random
import sys

REPOSITORIES = [
    "alpine", "golang", "plugins/kaniko", "plugins/docker", "harness/ci-addon", "node",
    "registry.corp:5000/tools/deploy", "us-docker.pkg.dev/gar-prod-setup/harness-public/harness/drone-git",
    "harnesssecure/ci-lite-engine", "a/b/c/d",
]
TAGS = ["1.2.3", "1.16.4", "latest", "3.20", "rootless-1.2.3", "1.18.0-4.33-mongo", "2024-01-05", "v1_2.3"]
SCANNERS = {"Bandit": "bandit", "AquaTrivy": "aqua-trivy", "Grype": "grype", "Mend": "whitesource-agent", "Zap": "zap"}
DECOYS = [
    "no/decoy:1", "docker run no/decoy:2", "s|image: .*|image: no/decoy:3|", "{image: no/decoy:4}",
]
COMMENTS = ["", "", "", "  # image: no/comment:1", " # größer 世界", "\t# tab"]


class Doc:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.anchors = 0

    def pick(self, items):
        return self.r.choice(items)

    def chance(self, one_in):
        return self.r.randrange(one_in) == 0

    def image(self):
        if self.chance(12):
            return self.pick(REPOSITORIES) + "@sha256:" + "".join(self.pick("0123456789abcdef") for _ in range(64))
        tag = self.pick(TAGS)
        digest = "@sha256:" + "ab" * 32 if self.chance(15) else ""
        return f"{self.pick(REPOSITORIES)}:{tag}{digest}"

    def scalar(self, indent, flow, value=None, written=None):
        """A value with its marks; `indent` is that of the key, for block scalars."""
        if value is None and self.chance(8):
            expression = self.pick(["<+input>", "golang:${X}", "<+matrix.v>", "${{ inputs.i }}", "{{ .Values.i }}", "$${X}:1"])
            return f"‹'{expression}'›", True
        value = value or self.image()
        written = written or value
        style = self.r.randrange(9)
        anchor = ""
        if self.chance(6):
            self.anchors += 1
            anchor = f"&n{self.anchors} "
        elif self.chance(12):
            anchor = "!!str "
        if style <= 3:
            raw = written
        elif style == 4:
            raw = f"'{written}'"
        elif style == 5:
            raw = f'"{written}"'
        elif style == 6:
            at = self.r.randrange(len(written))
            raw = '"' + written[:at] + f"\\u{ord(written[at]):04x}" + written[at + 1:] + '"'
        elif flow:
            raw = f"'{written}'"
        else:
            mark = self.pick(["|", ">", "|-", ">-", ">+"])
            comment = self.pick(["", "  # c"])
            raw = f"{mark}{comment}\n{' ' * (indent + 2)}{written}\n"
            return f"{anchor}«{value}¦{raw}»", False
        plain = value if raw.strip("'\"") == value else None
        inner = raw if plain else f"{value}¦{raw}"
        return f"{anchor}«{inner}»", True

    def pair(self, indent, key="image", value=None, written=None):
        """A line `key: value` of a block mapping."""
        scalar, ends = self.scalar(indent, False, value, written)
        if ends:
            scalar += self.pick(COMMENTS) + "\n"
        key = self.pick([key, key, key, f'"{key}"', f"'{key}'"])
        space = self.pick([" ", " ", "  ", "\t"])
        return f"{' ' * indent}{key}:{space}{scalar}"

    def decoys(self, indent, key="settings"):
        pad = " " * indent
        decoy = self.pick(DECOYS)
        return self.pick([
            f"{pad}{key}: {{image: no/decoy:5, repo: acme/app}}\n",
            f"{pad}{key}:\n{pad}  image: no/decoy:6\n",
            f"{pad}command: |\n{pad}  {decoy}\n{pad}  image: no/decoy:7\n",
            f"{pad}command: '{decoy}'\n",
            f"{pad}# image: no/decoy:8\n",
            "",
        ])

    def name(self):
        return self.pick(["a", "build", "größer", "世界", "'quoted: name'", '"x"', "😀"])

    # Harness v0

    def v0_step(self, indent):
        pad = " " * indent
        kind = self.r.randrange(8)
        if kind == 0:
            scanner = self.pick(sorted(SCANNERS))
            tag = self.pick(TAGS)
            value = f"harness/{SCANNERS[scanner]}-job-runner:{tag}"
            body = f"{pad}type: {scanner}\n{pad}spec:\n{pad}  image: {{type: docker_v2, name: no/decoy, tag: 1}}\n"
            return body + self.pair(indent + 2, "imageTag", value, tag)
        if kind == 1:
            return f"{pad}type: SscaOrchestration\n{pad}spec:\n{pad}  imageTag: ‹1.2.0›\n{pad}  source: {{type: docker, spec: {{image: no/decoy:9}}}}\n"
        if kind == 2:
            flow, _ = self.scalar(indent, True)
            return f"{pad}type: Run\n{pad}spec: {{command: ls, image: {flow}, shell: Sh}}\n"
        kinds = ["Run", "Plugin", "Background", "RunTests", "Container", "IACMTerraformPlugin", "DBSchemaApply"]
        parts = [self.pair(indent + 2), self.decoys(indent + 2), f"{pad}  connectorRef: account.docker\n"]
        self.r.shuffle(parts)
        return f"{pad}type: {self.pick(kinds)}\n{pad}spec:\n" + "".join(parts)

    def v0_steps(self, indent, depth=0):
        pad = " " * indent
        text = ""
        for number in range(self.r.randrange(1, 4)):
            kind = self.r.randrange(7)
            if kind == 0 and depth < 3:
                text += f"{pad}- stepGroup:\n{pad}    identifier: g{depth}{number}\n{pad}    steps:\n" + self.v0_steps(indent + 6, depth + 1)
            elif kind == 1 and depth < 3:
                text += f"{pad}- parallel:\n" + self.v0_steps(indent + 4, depth + 1)
            elif kind == 2:
                text += (
                    f"{pad}- step:\n{pad}    identifier: t{depth}{number}\n{pad}    template:\n"
                    f"{pad}      templateRef: org.t\n{pad}      templateInputs:\n" + self.v0_step(indent + 8)
                )
            else:
                text += f"{pad}- step:\n{pad}    identifier: s{depth}{number}\n{pad}    name: {self.name()}\n" + self.v0_step(indent + 4)
        return text

    def v0_stages(self, indent):
        pad = " " * indent
        text = ""
        for number in range(self.r.randrange(1, 3)):
            text += f"{pad}- stage:\n{pad}    identifier: st{number}\n{pad}    type: CI\n{pad}    spec:\n"
            if self.chance(3):
                text += f"{pad}      runtime: {{type: VM, spec: {{imageName: no/decoy:1}}}}\n"
            if self.chance(3):
                text += f"{pad}      serviceDependencies:\n{pad}      - identifier: d\n{pad}        type: Service\n{pad}        spec:\n" + self.pair(indent + 10)
            text += f"{pad}      execution:\n{pad}        steps:\n" + self.v0_steps(indent + 8)
            if self.chance(3):
                text += f"{pad}        rollbackSteps:\n" + self.v0_steps(indent + 8, 2)
        return text

    def v0(self):
        kind = self.r.randrange(4)
        if kind == 0:
            return "template:\n  identifier: t\n  type: Stage\n  spec:\n    type: CI\n    spec:\n      execution:\n        steps:\n" + self.v0_steps(8)
        if kind == 1:
            return "inputSet:\n  identifier: i\n  pipeline:\n    identifier: p\n    stages:\n" + self.v0_stages(4)
        if kind == 2:
            return "template:\n  identifier: t\n  versionLabel: v1\n  type: Step\n  spec:\n" + self.v0_step(4)
        return "pipeline:\n  identifier: p\n  stages:\n" + self.v0_stages(2)

    # Harness 3.0

    def v1_steps(self, indent):
        pad = " " * indent
        text = ""
        for _ in range(self.r.randrange(1, 4)):
            kind = self.r.randrange(5)
            step = self.pick(["run", "run-test", "background"])
            if kind == 0:
                text += f"{pad}- {step}:\n" + self.pair(indent + 4, "container") + f"{pad}    script: 'image: no/decoy:1'\n"
            elif kind == 1:
                text += f"{pad}- group:\n{pad}    steps:\n" + self.v1_steps(indent + 4)
            elif kind == 2:
                text += f"{pad}- template: {{uses: x@1.2.3, with: {{image: no/decoy:2}}}}\n"
            else:
                text += f"{pad}- {step}:\n{pad}    container:\n" + self.pair(indent + 6) + f"{pad}      connector: c\n"
        return text

    def v1(self):
        text = self.pick(["version: 1\nkind: pipeline\nspec:\n  stages:\n", "pipeline:\n  stages:\n"])
        for number in range(self.r.randrange(1, 3)):
            text += f"  - name: s{number}\n    runtime: {{vm: {{image: no/decoy:3}}}}\n"
            if self.chance(2):
                text += "    services:\n      db:\n" + self.pair(8)
            text += "    steps:\n" + self.v1_steps(4)
        return text

    # Drone

    def drone(self):
        text = "kind: pipeline\n" + self.pick(["type: docker\n", "type: kubernetes\n", ""]) + f"name: {self.name()}\n"
        for part in self.pick([["steps"], ["steps", "services"]]):
            text += f"{part}:\n"
            for number in range(self.r.randrange(1, 4)):
                text += f"- name: n{number}\n" + self.pair(2) + self.decoys(2)
        if self.chance(3):
            text += "---\nkind: pipeline\ntype: exec\nsteps: [{name: x, image: no/decoy:1}]\n"
        if self.chance(3):
            flow, _ = self.scalar(0, True)
            text += f"---\n{{\"kind\": \"pipeline\", \"steps\": [{{\"name\": \"j\", \"image\": {flow}}}]}}\n"
        if self.chance(4):
            text += "---\nkind: pipeline\nsteps:\n- {name: d, image: no/decoy:2}\nsteps:\n- name: e\n" + self.pair(2)
        return text

    # Woodpecker

    def woodpecker(self):
        text = ""
        uses = []
        if self.chance(2):
            text += f"variables:\n  v: &v {self.pick(['', '!!str '])}«{self.image()}»\n"
            uses.append("  alias: {image: *v, commands: [ls]}\n")
        if self.chance(2):
            text += "base: &base\n" + self.pair(2) + "  pull: true\n"
            uses.append("  merged: {<<: *base, commands: ['image: no/decoy:1']}\n")
        # What is only anchored is found where it is used.
        text += "steps:\n" + "".join(uses)
        for number in range(self.r.randrange(1, 4)):
            text += f"  s{number}:\n" + self.pair(4) + self.decoys(4)
        if self.chance(2):
            text += "services:\n- name: db\n" + self.pair(2)
        if self.chance(3):
            text += "---\nsteps:\n  x: {image: no/decoy:2}\n"
        return text

    # Kubernetes

    def containers(self, indent):
        pad = " " * indent
        text = ""
        for part in self.pick([["containers"], ["initContainers", "containers"]]):
            text += f"{pad}{part}:\n"
            for number in range(self.r.randrange(1, 3)):
                text += f"{pad}- name: c{number}\n" + self.pair(indent + 2) + f"{pad}  env: [{{name: image, value: no/decoy:1}}]\n"
        return text

    def k8s(self):
        documents = []
        for _ in range(self.r.randrange(1, 4)):
            kind = self.r.randrange(4)
            head = f"metadata:\n  name: m\n  annotations: {{last-applied-configuration: '{{\"image\":\"no/decoy:2\"}}'}}\n"
            if kind == 0:
                documents.append(f"apiVersion: v1\nkind: Pod\n{head}spec:\n" + self.containers(2))
            elif kind == 1:
                documents.append(f"apiVersion: apps/v1\nkind: Deployment\n{head}spec:\n  template:\n    spec:\n" + self.containers(6))
            elif kind == 2:
                documents.append(f"apiVersion: batch/v1\nkind: CronJob\n{head}spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n" + self.containers(10))
            else:
                documents.append("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n" + self.containers(4))
        return "---\n".join(documents)


DIALECTS = ["v0", "v1", "drone", "woodpecker", "k8s"]


def compose(seed):
    dialect = DIALECTS[seed % len(DIALECTS)]
    text = getattr(Doc(seed), dialect)()
    random.seed(seed)
    text = random.choice(["", "", "# heading\n", "---\n", "%YAML 1.1\n---\n"]) + text
    return dialect, text


def strip(source):
    """The text without marks, and its images as [image, line]."""
    text, images, rest = "", [], source
    while True:
        places = [rest.find(mark) for mark in "«‹" if mark in rest]
        if not places:
            return text + rest, images
        at = min(places)
        text, mark, rest = text + rest[:at], rest[at], rest[at + 1:]
        inner, rest = rest.split("»" if mark == "«" else "›", 1)
        if mark == "‹":
            text += inner
            continue
        image, _, raw = inner.partition("¦")
        raw = raw or inner
        images.append([image.strip("'\""), text.count("\n") + 1])
        text += raw


def main():
    mode, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    truth = {}
    for seed in range(count):
        dialect, source = compose(seed)
        if mode == "corpus":
            name = f"{dialect}-composed-{seed:03}.yml"
            content = source
        else:
            name = f"{dialect}/{seed:05}.yml"
            content, truth[name] = strip(source)
            variant = seed % 7
            if variant == 1:
                content = content.replace("\n", "\r\n")
            if variant == 2:
                content = "\ufeff" + content
            if variant == 3:
                content = content.rstrip("\n")
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", newline="", encoding="utf-8") as file:
            file.write(content)
    if mode == "plain":
        with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as file:
            json.dump(truth, file)


main()
