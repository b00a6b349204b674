"""What the stop button does: the computation ends, and not only the cell that shows it."""

import time

import pytest
from jupyter_client.manager import start_new_kernel

from conftest import NOTEBOOKS

START = """
import io.github.last4j.Models;
import io.github.last4j.data.*;
import io.github.last4j.prune.*;
import io.github.last4j.sweep.*;
import io.github.last4j.train.*;
import static io.github.last4j.Last.*;

var model = Models.load("smnist14-s5", 0);
var digits = Task.of("smnist14").data(Split.TEST);
var trained = List.of(new Trained(Task.of("smnist14"), "m", 0, model));
"""
# Without an end, or with one that is hours away; and whether a line tells how far they are.
ENDLESS = {
    "while (true) { evaluate(model, digits); }": False,
    "while (true) { model.trace(digits.take(20)).forEach(trace -> trace.close()); }": False,
    "Training.run(model, digits, digits.take(50), Recipe.epochs(10_000));": True,
    "Sweep.of(Criterion.TABLE_6).run(trained, digits);": True,
    "LargestRatios.run(trained, Criterion.TABLE_6, Tolerance.accuracy(0.01, digits), digits);": True,
}
COMPUTING = """
Thread.getAllStackTraces().values().stream()
    .filter(stack -> Arrays.stream(stack).anyMatch(f -> f.getClassName().matches("io.github.last4j.(model|train|sweep).*")))
    .count()
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="java", cwd=str(NOTEBOOKS))
    try:
        assert run(client, START)["status"] == "ok"
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, code: str) -> dict:
    """The reply to a cell."""
    return client.execute_interactive(code, timeout=120, output_hook=lambda message: None)["content"]


def outputs(client, code: str) -> list[str]:
    """What a cell shows, as texts."""
    found = []

    def hook(message):
        content = message["content"]
        found.append(content.get("data", {}).get("text/plain") or content.get("text", ""))

    reply = client.execute_interactive(code, timeout=120, output_hook=hook)
    assert reply["content"]["status"] == "ok"
    return found


def shown(client, seconds: float) -> str:
    """All texts that arrive in the next seconds."""
    texts = []
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if client.iopub_channel.is_alive() and client.iopub_channel.socket.poll(1000 * left):
            texts.append(str(client.get_iopub_msg()["content"]))
    return "\n".join(texts)


@pytest.mark.parametrize(("code", "line"), ENDLESS.items(), ids=lambda value: str(value)[:40])
def test_a_computation_ends_with_its_cell(kernel, code, line):
    manager, client = kernel
    client.execute(code)
    before = shown(client, 2)
    manager.interrupt_kernel()
    after = shown(client, 1.5)
    assert "interrupted" in after
    # The next cell brings the line of the last one to its end, and computes on the same model.
    texts = outputs(client, COMPUTING)
    assert "0" in texts
    assert not line or any("stopped after" in text for text in texts)
    assert "stopped after" not in before
    assert "samples=100" in "".join(outputs(client, "evaluate(model, digits.take(100))"))
