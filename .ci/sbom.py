"""Lists the dependencies with their versions, in a file that scanners of vulnerabilities read.

    sbom.py BOM SBOM REQUIREMENTS...

BOM is what CycloneDX's plugin for Maven wrote; SBOM gets the same and every pin of the files
REQUIREMENTS. Neither needs a network: which versions are vulnerable changes by the day, and a
scanner with its own data base tells it.
"""

import json
import re
import sys
from pathlib import Path

PIN = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)")


def pins(requirements: list[Path]) -> set[tuple[str, str]]:
    """Names and versions; a line that is no pin is an error, since a scanner would not see it."""
    found = set()
    for path in requirements:
        for line in path.read_text(encoding="utf-8").splitlines():
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                continue
            pin = PIN.match(stripped)
            if pin is None:
                raise SystemExit(f"{path}: expected name==version, got {stripped}")
            found.add((pin[1].lower(), pin[2]))
    return found


def component(name: str, version: str) -> dict:
    """A package of PyPI, as CycloneDX has it."""
    url = f"pkg:pypi/{re.sub('[-_.]+', '-', name)}@{version}"
    return {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url}


def main(bom: Path, sbom: Path, requirements: list[Path]) -> None:
    document = json.loads(bom.read_text(encoding="utf-8"))
    java = document["components"]
    python = [component(*pin) for pin in sorted(pins(requirements))]
    document["components"] = java + python
    sbom.parent.mkdir(parents=True, exist_ok=True)
    sbom.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    for name in sorted(f"{each['group']}:{each['name']} {each['version']}" for each in java):
        print(f"Java    {name}")
    for each in python:
        print(f"Python  {each['name']} {each['version']}")
    print(f"Which of them have known vulnerabilities: osv-scanner --sbom {sbom}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(path) for path in sys.argv[3:]])
