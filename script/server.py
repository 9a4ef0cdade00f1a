#!/usr/bin/env python
"""Run web, worker and beat (and the demo's mailbox) together: when one ends, all are stopped."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 40  # seconds for requests and jobs to finish; script/run says how long they may take
PARTS = {name: ["script/run", name] for name in ("web", "worker", "beat")}
MAILBOX = [sys.executable, "manage.py", "demo_mail"]


def log(name: str) -> Path:
    return ROOT / ".local/log" / f"{name}.log"


def start(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    """Start a part in a session of its own, so that Ctrl-C reaches it once, through us."""
    with log(name).open("wb") as output:
        return subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for name, process in running.items():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{name} did not stop in {PATIENCE} seconds and is killed.")
            os.killpg(process.pid, signal.SIGKILL)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=5):  # noqa: S310 -- our own address
            return True
    except OSError:
        return False


def welcome() -> str:
    logins = ROOT / ".local/logins"
    text = f"\nRessursnett runs at {os.environ['SITE_URL']}"
    if os.environ["DEMO"] == "1" and logins.exists():
        text += f"\nLog in as any of these with one click on the login page:\n{logins.read_text()}"
    return f"{text}\nThe logs are in .local/log/. Ctrl-C stops everything.\n"


def main() -> int:
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: asked.append(number))
    parts = PARTS | ({"demo_mail": MAILBOX} if os.environ["DEMO"] == "1" else {})
    (ROOT / ".local/log").mkdir(exist_ok=True)
    running = {name: start(name, command) for name, command in parts.items()}
    local = f"http://127.0.0.1:{os.environ['PORT']}"
    is_welcome = False
    ended = ""
    while not asked and not ended:
        time.sleep(0.3)
        if not is_welcome and answers(local):
            is_welcome = True
            print(welcome(), flush=True)
        ended = next((name for name, part in running.items() if part.poll() is not None), "")
    if ended:
        last = log(ended).read_text().splitlines()[-5:]
        print(f"{ended} has ended, so all is stopped. Its last words:", *last, sep="\n", flush=True)
    stop(running)
    if "KEEP_SERVICES" not in os.environ:
        subprocess.run(["script/services", "stop"], cwd=ROOT, check=False)
    return 1 if ended else 0


if __name__ == "__main__":
    sys.exit(main())
