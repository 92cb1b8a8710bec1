"""Seizure Zoo: reads its settings, puts the app together and serves it."""

from __future__ import annotations

import os
import sys

from seizure_core.errors import SeizureZooError
from ui.server.process import end_cleanly_when_terminated, prepare_process, quick_start
from ui.server.settings import Settings

# Gradio and the Hub client decide at import whether they report home, so the process is
# prepared before anything that imports them.
try:
    settings = Settings.from_environment(os.environ)
except SeizureZooError as error:
    sys.exit(str(error))
temporary_folder = prepare_process()

with quick_start(mcp=settings.mcp):
    from ui.app import build_app, launch_options
    from ui.resources import Services

    services = Services.create(settings, temporary_folder)
    demo = build_app(services)


def main() -> int:
    """Serve the app until it is interrupted; return the exit status."""
    end_cleanly_when_terminated()
    try:
        _, address, _ = demo.launch(**launch_options(demo, services), prevent_thread_lock=True)
    except OSError as error:
        print(
            f"The app cannot listen on {settings.server_name}, port {settings.server_port} "
            f"({error}). Set GRADIO_SERVER_PORT to a free one.",
            file=sys.stderr,
        )
        return 1
    print(f"Seizure Zoo answers on {address} (Ctrl-C ends it).", flush=True)
    demo.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
