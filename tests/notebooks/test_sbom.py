"""The list of dependencies for scanners of vulnerabilities."""

import json
import re
import subprocess
import sys

from conftest import ROOT

SCRIPT = ROOT / ".ci" / "sbom.py"
JAVA = {"group": "ai.djl", "name": "api", "version": "0.36.0", "purl": "pkg:maven/ai.djl/api@0.36.0"}


def run(tmp_path, *requirements) -> subprocess.CompletedProcess:
    bom = tmp_path / "bom.json"
    bom.write_text(json.dumps({"bomFormat": "CycloneDX", "components": [JAVA]}))
    return subprocess.run(
        [sys.executable, SCRIPT, bom, tmp_path / "target" / "all.cdx.json", *requirements],
        capture_output=True,
        text=True,
    )


def test_has_every_pin(tmp_path):
    committed = [ROOT / "notebooks" / "requirements.txt", *ROOT.glob("tests/**/requirements.txt")]
    made = run(tmp_path, *committed)
    assert made.returncode == 0, made.stderr
    document = json.loads((tmp_path / "target" / "all.cdx.json").read_text())
    names = {each["name"] for each in document["components"]}
    for path in committed:
        pinned = re.findall(r"^([^\s#=]+)==([^\s;]+)", path.read_text(), re.MULTILINE)
        assert pinned
        for name, version in pinned:
            assert name in names
            assert f"Python  {name} {version}\n" in made.stdout
    assert "Java    ai.djl:api 0.36.0\n" in made.stdout
    assert JAVA["purl"] in {each["purl"] for each in document["components"]}


def test_a_requirement_without_a_version_is_refused(tmp_path):
    loose = tmp_path / "requirements.txt"
    loose.write_text("# a comment\n\nnumpy>=2\n")
    made = run(tmp_path, loose)
    assert made.returncode == 1
    assert f"{loose}: expected name==version, got numpy>=2" in made.stderr
