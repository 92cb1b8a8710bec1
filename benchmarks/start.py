"""How long programs take to start, each in a fresh process.

Run from the project's root: `python -m benchmarks.start [ROUNDS] [CHECKOUT]`. `python app.py`
until its first page has been answered, and whole runs of the command line, from the call to the
exit status. Beside them stands what no code of ours can do without: a page of one text field in
Gradio, and `import torch`. With another checkout of this project, say of an earlier commit, it
takes its turns too. Wall time, and processor time, which a busy machine changes less.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.table import MIN_ROUNDS, Row, rows_of, table
from seizure_core.demo import demo_recording

ROOT = Path(__file__).resolve().parents[1]
MODEL_ID = "n1spool-cnn"
SMALLEST_PAGE = """
import gradio as gr
with gr.Blocks(analytics_enabled=False) as demo:
    gr.Textbox()
demo.launch(quiet=True, ssr_mode=False)
"""
GIVE_UP_S = 120.0

Took = tuple[float, float]
"""Wall and processor time in ms."""


def until_answered(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> Took:
    """Start a server, and return what it took until it answered for its first page."""
    port = _free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environment, "GRADIO_SERVER_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > GIVE_UP_S:
                raise SystemExit(f"{arguments} in {folder} does not answer.")
            time.sleep(0.01)
        return 1000 * (time.perf_counter() - began), _processor_ms(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def until_done(arguments: list[str], folder: Path, environment: Mapping[str, str]) -> Took:
    """Run a program, and return what it took from its call to its exit."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} in {folder} ended with {process.returncode}.")
    return 1000 * (time.perf_counter() - began), 1000 * (used.ru_utime + used.ru_stime)


@contextlib.contextmanager
def served(
    arguments: list[str], place: Path, folder: Path, **more: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a page in its own process; yield its address and the process once it answers."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=place,
        env={**_environment(folder), "GRADIO_SERVER_PORT": str(port), **more},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise SystemExit(f"{arguments} in {place} does not answer.")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait()


def measurements(folder: Path, rounds: int, other: Path | None = None) -> list[Row]:
    """Measure the app and the command line, and those of another checkout if there is one."""
    predict = ["-m", "zoo", "predict", str(demo_recording(folder)), "--model", MODEL_ID]
    environment = _environment(folder)

    def page(code: list[str], place: Path = ROOT) -> Callable[[], Took]:
        return lambda: until_answered(code, place, environment)

    def run(code: list[str], place: Path = ROOT) -> Callable[[], Took]:
        return lambda: until_done(code, place, environment)

    pages = {"Seizure Zoo": page(["app.py"])}
    runs = {"Seizure Zoo, import to exit": run(predict)}
    if other is not None:
        pages[f"the same in {other.name}"] = page(["app.py"], other)
        runs[f"the same in {other.name}"] = run(predict, other)
    pages["a page of one text field in Gradio"] = page(["-c", SMALLEST_PAGE])
    runs["import torch, nothing else"] = run(["-c", "import torch"])
    runs["Seizure Zoo, list of models"] = run(["-m", "zoo", "list"])
    return [
        *_in_turns("start of the app to its first page", pages, rounds),
        *_in_turns(f"{MODEL_ID} on 10 min of EEG from the command line", runs, rounds),
    ]


def _in_turns(task: str, ways: Mapping[str, Callable[[], Took]], rounds: int) -> list[Row]:
    """Take turns after one round to warm up, in which bytecode is written too."""
    taken: dict[str, list[Took]] = {way: [] for way in ways}
    for number in range(max(rounds, MIN_ROUNDS) + 1):
        for way, work in ways.items():
            took = work()
            if number:
                taken[way].append(took)
    wall = {way: [one[0] for one in all_] for way, all_ in taken.items()}
    processor = {way: [one[1] for one in all_] for way, all_ in taken.items()}
    return rows_of(task, wall, "ms") + rows_of(f"{task}, processor time", processor, "ms")


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment with a home of its own, and bytecode that is kept, as it is usually."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "SEIZURE_ZOO_HOME": str(folder / "home"),
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=GIVE_UP_S) as answer:
            return bool(answer.read())
    except (urllib.error.URLError, ConnectionError):
        return False


def _processor_ms(pid: int) -> float:
    """Return the processor time a process has used, as Linux tells it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS
    other = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        print(table(measurements(Path(folder), rounds, other)))


if __name__ == "__main__":
    main()
