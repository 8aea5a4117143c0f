"""Checks that a report keeps the rules of its format. usage: report_formats.py tap|junit|github FILE

TAP: the grammar of testanything.org/tap-version-14-specification.html. JUnit: what the schemas of Jenkins' and GitLab's
readers have in common, and that the sums are right. GitHub: the syntax of workflow commands, and its limit of ten
annotations of a kind in a step. Prints what a reader gets to know of it: "passed failed other".
"""
import json
import re
import sys
import xml.etree.ElementTree as ET


def require(holds, what):
    if not holds:
        sys.exit("broken rule: " + what)


# --- TAP 14

POINT = re.compile(r"(not )?ok(?: ([1-9][0-9]*))?(?: -)?(?: (.*))?$")


def description_of(text):
    """The description without its escapes; a directive must be none."""
    out, at = "", 0
    while at < len(text):
        if text[at] == "\\":
            require(at + 1 < len(text) and text[at + 1] in "\\#", "only \\ and # are escaped: " + text)
            at += 1
        else:
            require(text[at] != "#", "an unescaped # begins a directive: " + text)
        out += text[at]
        at += 1
    return out


def yaml_value(text):
    require(re.fullmatch(r'"(?:[^"\\]|\\.)*"|[0-9]+|\[\]', text) is not None, "no scalar of YAML: " + text)
    return json.loads(text)


def check_yaml(lines):
    """Block mappings and sequences with scalars in double quotes or digits, by indentation."""
    for line in lines:
        body = line.lstrip(" ")
        require((len(line) - len(body)) % 2 == 0, "indentation: " + line)
        if body.startswith("- "):
            body = body[2:]
        match = re.fullmatch(r"([a-z]+):(?: (.*))?", body)
        if match:
            if match.group(2) is not None:
                yaml_value(match.group(2))
        else:
            yaml_value(body)


def tap_points(lines, depth):
    """Reads a plan and its points at this depth; gives the points and the lines that are left."""
    indent = "    " * depth
    points, plan, subtest = [], None, None
    while lines:
        line = lines[0]
        if not line.startswith(indent):
            break
        body = line[len(indent):]
        if body.startswith("# Subtest: "):
            lines = lines[1:]
            require(lines and lines[0].startswith(indent + "    "), "a subtest follows its comment")
            subtest, lines = tap_points(lines, depth + 1)
        elif re.fullmatch(r"1\.\.[0-9]+", body):
            require(plan is None and not points, "one plan, before the points")
            plan = int(body[3:])
            lines = lines[1:]
        elif body.startswith("#") or not body:
            lines = lines[1:]
        elif POINT.fullmatch(body):
            match = POINT.fullmatch(body)
            require(int(match.group(2)) == len(points) + 1, "points are numbered on: " + body)
            points.append((match.group(1) is None, description_of(match.group(3) or "")))
            if subtest is not None:
                require(points[-1][0] == all(good for good, _ in subtest), "a subtest's point sums it up")
            lines, subtest = lines[1:], None
            if lines and lines[0] == indent + "  ---":
                end = lines.index(indent + "  ...")
                require(all(l.startswith(indent + "  ") for l in lines[:end]), "YAML is indented")
                check_yaml([l[len(indent) + 2:] for l in lines[1:end]])
                lines = lines[end + 1:]
        else:
            require(False, "no line of TAP: " + line)
    require(plan == len(points), "the plan is kept")
    return points, lines


def check_tap(text):
    lines = text.split("\n")
    require(lines.pop() == "", "the last line ends")
    require(lines.pop(0) == "TAP version 14", "the version comes first")
    require(all(ord(c) >= 32 for line in lines for c in line), "no controls")
    inner = [POINT.fullmatch(l[4:]) for l in lines if l.startswith("    ") and POINT.fullmatch(l[4:])]
    _, rest = tap_points(lines, 0)
    require(not rest, "nothing follows")
    good = sum(m.group(1) is None for m in inner)
    return good, len(inner) - good, 0


# --- JUnit

ATTRIBUTES = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"name", "tests", "failures", "errors"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"name", "tests", "failures", "errors"}),
    "testcase": ({"name", "classname", "time"}, {"name", "classname"}),
    "failure": ({"message", "type"}, {"message", "type"}),
    "error": ({"message", "type"}, {"message", "type"}),
    "properties": (set(), set()),
    "property": ({"name", "value"}, {"name", "value"}),
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error"},
}


def check_element(element):
    allowed, needed = ATTRIBUTES[element.tag]
    require(set(element.attrib) <= allowed and needed <= set(element.attrib), "attributes of " + element.tag)
    if "time" in element.attrib:
        require(re.fullmatch(r"[0-9]+\.[0-9]+", element.attrib["time"]), "a decimal time")
    for child in element:
        require(child.tag in CHILDREN.get(element.tag, set()), child.tag + " in " + element.tag)
        check_element(child)


def check_sums(element):
    cases = list(element.iter("testcase"))
    for name, tag in (("failures", "failure"), ("errors", "error")):
        require(int(element.attrib[name]) == len(list(element.iter(tag))), name + " are counted")
    require(int(element.attrib["tests"]) == len(cases), "tests are counted")


def check_junit(text):
    root = ET.fromstring(text)
    require(root.tag == "testsuites", "the root is testsuites")
    check_element(root)
    check_sums(root)
    names = [(c.attrib["classname"], c.attrib["name"]) for c in root.iter("testcase")]
    require(len(names) == len(set(names)), "each case has a name of its own")
    for suite in root:
        check_sums(suite)
        require(not list(suite) or suite[0].tag == "properties", "properties come first")
    for case in root.iter("testcase"):
        require(len(case) <= 1, "one outcome a case")
    failed, other = len(list(root.iter("failure"))), len(list(root.iter("error")))
    return len(names) - failed - other, failed, other


# --- GitHub

COMMAND = re.compile(r"::(error|warning|notice)(?: ((?:file|line|col|title)=[^,:]*(?:,(?:file|line|col|title)=[^,:]*)*))?::(.+)")


def check_github(text):
    """What the runner obeys: commands at the beginning of a line, spaces aside, that are not stopped."""
    counts = {"error": 0, "warning": 0, "notice": 0}
    token = None
    for line in text.split("\n"):
        body = line.lstrip()
        if token:
            token = None if body == "::" + token + "::" else token
            continue
        match = re.fullmatch(r"::stop-commands::([0-9A-Za-z]{20,})", body)
        if match:
            token = match.group(1)
            require(text.count(token) == 2, "the token occurs nowhere else")
        elif body.startswith("::"):
            match = COMMAND.fullmatch(body)
            require(match is not None, "no command: " + line)
            for value in [match.group(3)] + [p.split("=", 1)[1] for p in (match.group(2) or "").split(",") if p]:
                require(re.fullmatch(r"(?:[^%]|%25|%0A|%0D|%3A|%2C)*", value), "encoding: " + value)
            counts[match.group(1)] += 1
        else:
            require("##[" not in line, "no command of the old form")
    require(token is None, "commands are resumed")
    require(max(counts.values()) <= 10, "ten of a kind are shown")
    return counts["notice"], counts["error"], counts["warning"]


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        print(*{"tap": check_tap, "junit": check_junit, "github": check_github}[sys.argv[1]](file.read()))
