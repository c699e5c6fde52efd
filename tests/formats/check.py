"""Reads JUnit and SARIF reports as pipelines do, and compares them with the JSON report.

    check.py <folder of reports> <folder of sarif-multitool's findings> <folder with junit-10.xsd>

Called by `run`, which says where everything comes from. Fails with an assertion.
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import xmlschema
from junitparser import Error, Failure, JUnitXml, Skipped
from pydantic import ValidationError
from sarif import loader
from sarif_pydantic import Sarif

reports, findings, schemas = map(Path, sys.argv[1:])

BAD = {"unsupported", "overdue", "unverified", "custom", "floating", "ahead"}


def without_places(path):
    """The document without `file` and `line`, which GitLab and others read and the schema lacks."""
    tree = ElementTree.parse(path)
    for case in tree.iter("testcase"):
        for name in ("file", "line"):
            case.attrib.pop(name, None)
    return tree


def check_junit(path, report, schema):
    schema.validate(without_places(path))
    suites = list(JUnitXml.fromfile(str(path)))
    assert len(suites) == 1, path
    cases = [case for case in suites[0] if (case.classname, case.name) != ("harness-images", "run")]
    assert len(cases) == len(report["images"]), path
    fail_on = set(report["policy"]["fail_on"])
    for case, row in zip(cases, report["images"]):
        place = [row["module"], row["infra"]]
        assert case.classname == ".".join(filter(None, place)), (path, case)
        kinds = [type(result) for result in case.result]
        expected = [Failure] if row["verdict"] in fail_on else []
        expected += [Skipped] if row["verdict"] == "ignored" else []
        in_file = "file" in row.get("location", {})
        assert (case._elem.get("file") is not None) == in_file, (path, case.name)
        line = str(row["location"]["line"]) if in_file else None
        assert case._elem.get("line") == line, (path, case.name)
        assert kinds == expected, (path, case.name, kinds)
    errors = [case for case in suites[0] if any(isinstance(result, Error) for result in case.result)]
    assert len(errors) == (1 if report.get("errors") else 0), path
    assert suites[0].tests == len(cases) + len(errors), path


def check_sarif(path, report):
    Sarif.model_validate_json(path.read_bytes())
    records = loader.load_sarif_file(str(path)).get_records()
    verdicts = [row["verdict"] for row in report["images"] if row["verdict"] in BAD]
    codes = [warning["code"] for warning in report["warnings"]]
    assert len(records) == len(verdicts) + len(codes), path
    severities = {"unsupported": "error", "overdue": "warning", "unverified": "warning"}
    for record in records[: len(verdicts)]:
        assert record["Severity"] == severities.get(record["Code"], "note"), (path, record)
    found = json.loads((findings / path.name).read_text(encoding="utf-8-sig"))["runs"][0]
    shown = [
        (result["ruleId"], result.get("level", "warning"), result["locations"][0]["physicalLocation"]["region"])
        for result in found.get("results", [])
    ]
    assert not shown, (path, shown)
    assert found["invocations"][0]["executionSuccessful"], path


def check_the_checks():
    """Mistakes are seen."""
    log = json.loads(next(reports.glob("*.sarif")).read_text(encoding="utf-8"))
    log["runs"][0]["results"] = [{"message": {"text": "a"}, "level": "dreadful"}]
    try:
        Sarif.model_validate(log)
    except ValidationError:
        pass
    else:
        raise AssertionError("sarif-pydantic takes any level")
    for file in schema_files:
        wrong = "<testsuites><testsuite name='a'><testcase name='b' skipped='c'/></testsuite></testsuites>"
        assert not xmlschema.XMLSchema(file).is_valid(wrong), file


schema_files = sorted(schemas.rglob("junit-10.xsd"))
assert schema_files, "the schema is where it was"
check_the_checks()
for path in sorted(reports.glob("*.json")):
    report = json.loads(path.read_text(encoding="utf-8"))
    for schema in schema_files:
        check_junit(path.with_suffix(".xml"), report, xmlschema.XMLSchema(schema))
    check_sarif(path.with_suffix(".sarif"), report)
    print(f"{path.stem}: JUnit and SARIF are valid")
