"""What a reader sees in JupyterLab, in a real browser."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from conftest import ROOT

SCREENSHOTS = ROOT / "target" / "screenshots"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MINUTE = 60_000

# Everything that could be lost between Tablesaw's JavaScript and the screen.
NAME = "it's \"x′\" Δ λ̄ é \\n </script> & more"

CELLS = [
    """
import ai.djl.ndarray.NDManager;
import io.github.last4j.progress.Progress;
import tech.tablesaw.api.*;
import tech.tablesaw.plotly.components.*;
import tech.tablesaw.plotly.traces.*;
""",
    """
double[] ratio = {0, 0.25, 0.5, 0.75};
var name = "NAME";
new Figure(
    Layout.builder(name, "pruning ratio", name).build(),
    ScatterTrace.builder(ratio, new double[] {96, 95, 90, 70})
        .mode(ScatterTrace.Mode.LINE_AND_MARKERS).name(name).build(),
    ScatterTrace.builder(ratio, new double[] {96, 92, 80, 40})
        .mode(ScatterTrace.Mode.LINE_AND_MARKERS).name("random").build())
""".replace("NAME", NAME.replace("\\", "\\\\").replace('"', '\\"')),
    'Table.create(name, StringColumn.create("method", name), DoubleColumn.create("λ̄", 1.0 / 3))',
    "NDManager manager = NDManager.newBaseManager();\nmanager.arange(6f).reshape(2, 3)",
    """
try (Progress progress = Progress.of("training", 20)) {
  for (int i = 0; i < 20; i++) {
    Thread.sleep(40);
    progress.step();
  }
}
""",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(address: str, server: subprocess.Popen) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address + "/api", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, "JupyterLab ended while starting"
            time.sleep(0.5)
    raise TimeoutError("JupyterLab did not start within a minute")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab of its own, with nothing of the user's, and its folder."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    port = free_port()
    own = {
        f"JUPYTER{name}": str(home / name.strip("_").lower())
        for name in ("_CONFIG_DIR", "_DATA_DIR", "_RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
    }
    server = subprocess.Popen(
        [
            sys.executable,
            *("-m", "jupyterlab", "--no-browser", "--allow-root"),
            f"--ServerApp.port={port}",
            "--ServerApp.ip=127.0.0.1",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={folder}",
        ],
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=(home / "log").open("wb"),
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(address, server)
        yield address, folder
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": 1200, "height": 1700})
        browser.close()


def write(path: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source.strip()) for source in CELLS],
        metadata={"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}},
    )
    nbformat.write(notebook, path)


def run_all(page) -> None:
    expect(page.get_by_text(re.compile(r"Java \(last4j\)")).first).to_be_visible(timeout=MINUTE)
    # JupyterLab forgets cells that are run before its session has a kernel, and doesn't say when it has.
    started = page.get_by_text(re.compile(r"\[(\*|1)\]:")).first
    for _ in range(10):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            expect(started).to_be_visible(timeout=MINUTE / 6)
            return
        except AssertionError:
            continue
    raise AssertionError("no cell was run")


def test_outputs_are_alive(lab, page):
    address, folder = lab
    write(folder / "browser.ipynb")
    page.goto(f"{address}/lab/tree/browser.ipynb")
    run_all(page)

    # Plotly's renderer shows the saved picture until the pointer enters it.
    picture = page.locator(".jp-RenderedPlotly .plot-img")
    expect(picture).to_be_visible(timeout=2 * MINUTE)
    expect(picture).to_have_attribute("alt", re.compile(re.escape(NAME)))
    expect(page.get_by_text(re.compile("training: 20/20 in"))).to_be_visible(timeout=2 * MINUTE)
    unsaved = page.locator(".lm-TabBar-tab.jp-mod-dirty")
    page.keyboard.press("Control+s")
    expect(unsaved).to_have_count(0)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "pictures.png")
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    figure = page.locator(".js-plotly-plot")
    drawn = figure.locator(".main-svg").first
    expect(drawn).to_be_visible(timeout=MINUTE)
    assert drawn.bounding_box() == pytest.approx(box, abs=1)
    expect(figure.locator(".gtitle")).to_have_text(NAME)
    expect(figure.locator(".ytitle")).to_have_text(NAME)
    expect(figure.locator(".legendtext").first).to_have_text(NAME)
    expect(page.locator(".jp-RenderedHTML table caption")).to_have_text(NAME)
    expect(page.get_by_text("NDArray (2, 3) float32 cpu")).to_be_visible()
    assert page.get_by_text(re.compile("training: ")).count() == 1

    figure.locator(".scatterlayer .point").nth(1).hover(force=True)
    expect(figure.locator(".hoverlayer .hovertext").first).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "outputs.png")
    # Plotly's renderer would have put a picture of its own into the notebook by now.
    expect(unsaved).to_have_count(0)
    assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
    # JupyterLab would have asked long ago.
    assert page.get_by_text("Jupyter news").count() == 0
