"""Prints a snapshot whose texts break what reads outputs carelessly: hostile.py"""

import json

TEXTS = [
    "# comment", "$HOME ${PATH} $(id) \\$X", "double\" single' back` slash\\", "'", "\"", "\\", "`id`",
    "two\nlines\r\nthree\ttabs", "REPORT=stolen\nSTATUS=current", "\u202egnp.exe", "nul\u0000escape\u001b[31mred",
    "\ufeff\u200b\u2028\uffff", "<+secrets.getValue(\"x\")>", "日本語🎉", "=x", " ", "export A=b", "x" * 9000,
]

default, overrides = {}, {}
for number, text in enumerate(TEXTS):
    for name in (f"field{number}", f"field {number} {text}"[:200]):
        default[name] = "harness/ci-addon:1.18.27"
        overrides[name] = f"harness/ci-addon:1.2.3{text}"
    # What is an image, under a name that is hostile.
    default[f"{text}{number}"[:200]] = "harness/ci-addon:1.18.27"
    overrides[f"{text}{number}"[:200]] = "registry.example.com/x/other:1.0.0"
print(json.dumps({
    "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z", "account": TEXTS[1],
    "configs": [{"module": "ci", "infra": "K8", "default": default, "overrides": overrides}],
    "repositories": [],
}))
