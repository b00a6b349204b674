"""Installs the kernel "Java (last4j)" into the running Python environment.

It is JJava's kernel with the toolkit on its class path, so that a notebook starts with imports and
nothing else. It replaces the kernelspec `java` that the jjava package brought. Paths in it are
absolute: after moving the checkout, run make clean and make again. JupyterLab's small extension
beside this file goes with it, and JupyterLab's own that asks about news is switched off.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Asks in a pop-up whether to fetch news, and looks for updates, over the network.
NEWS = "@jupyterlab/apputils-extension:announcements"


def java_release(java: str) -> int:
    """The feature release of a java executable, for example 17."""
    version = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    return int(re.search(r'version "(\d+)', version).group(1))


def jvm_options(java: str) -> list[str]:
    """What a JVM running the toolkit needs; the tensors live outside the heap."""
    options = [
        "-Xmx2g",
        "-Djava.awt.headless=true",
        # JDK 17 takes the locale's encoding, which loses Greek letters under LANG=C.
        "-Dfile.encoding=UTF-8",
        # No logging provider is a choice here, and not worth a warning in every notebook.
        "-Dslf4j.internal.verbosity=ERROR",
    ]
    if java_release(java) >= 22:
        options.append("--enable-native-access=ALL-UNNAMED")
    return options


def environment() -> dict[str, str]:
    """The settings in the file `environment` beside this one."""
    text = Path(__file__).with_name("environment").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def kernelspec(java: str, toolkit: Path, jar_folder: Path) -> dict:
    """The content of kernel.json: `toolkit` is Maven's target folder, `jar_folder` holds JJava."""
    class_path = [*sorted(toolkit.glob("last4j-*.jar")), toolkit / "lib" / "*.jar"]
    if len(class_path) != 2:
        raise SystemExit(f"expected one last4j-*.jar in {toolkit}, found {len(class_path) - 1}")
    return {
        "argv": [
            java,
            "-jar",
            str(jar_folder / "jjava-launcher.jar"),
            str(jar_folder / "jjava.jar"),
            "{connection_file}",
        ],
        "display_name": "Java (last4j)",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            "JJAVA_CLASSPATH": os.pathsep.join(map(str, class_path)),
            "JJAVA_JVM_OPTS": " ".join(jvm_options(java)),
            **environment(),
            # JJava's launcher starts the first `java` on the path: make it this one.
            "PATH": os.path.dirname(java) + os.pathsep + "${PATH}",
        },
        "metadata": {},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True, help="the java executable that runs the kernel")
    parser.add_argument("--toolkit", type=Path, help="Maven's target folder of the toolkit")
    parser.add_argument("--print-jvm-options", action="store_true", help="print them and stop")
    arguments = parser.parse_args()
    java = shutil.which(arguments.java)
    if java is None:
        raise SystemExit(f"no java executable at {arguments.java}")
    if arguments.print_jvm_options:
        print(" ".join(jvm_options(java)))
        return
    folder = Path(sys.prefix, "share", "jupyter", "kernels", "java")
    spec = kernelspec(os.path.abspath(java), arguments.toolkit.resolve(), folder)
    (folder / "kernel.json").write_text(json.dumps(spec, indent=2) + "\n", encoding="utf-8")
    extension = Path(sys.prefix, "share", "jupyter", "labextensions", "last4j")
    shutil.copytree(Path(__file__).parent / "lab", extension, dirs_exist_ok=True)
    page = Path(sys.prefix, "etc", "jupyter", "labconfig", "page_config.json")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(json.dumps({"disabledExtensions": {NEWS: True}}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
