"""What make does with a set-up that was interrupted."""

import shutil
import subprocess
import sys

from conftest import ROOT


def test_an_environment_without_pip_is_made_anew(tmp_path):
    for name in ("Makefile", "notebooks/kernel/environment", "notebooks/kernel/check-tools.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    # Nothing to install, and so no network.
    (tmp_path / "notebooks" / "requirements.txt").touch()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    made = subprocess.run(
        ["make", ".venv/.notebooks", f"PYTHON={sys.executable}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert (tmp_path / ".venv" / ".notebooks").exists()
    subprocess.run([tmp_path / ".venv" / "bin" / "python", "-m", "pip", "--version"], check=True)
