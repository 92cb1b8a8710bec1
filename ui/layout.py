"""All of the app on one screen: the start section, the tabs, the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes.utils import colors
from gradio.themes.utils.fonts import LocalFont
from starlette.middleware import Middleware

from ui import text
from ui.api import publish_endpoints
from ui.errors import for_browser
from ui.recordings import OpenRecording
from ui.services import Services
from ui.settings import Settings
from ui.start import build_start
from ui.tabs.analysis import AnalysisTab, build_analysis
from ui.tabs.predict import PredictTab, build_predict
from ui.tabs.zoo import build_zoo
from ui.upload_guard import UploadGuard

# How often Gradio looks for files that are too old.
SWEEP_S = 600


def build_app(services: Services) -> gr.Blocks:
    """Build the app; nothing is served before `launch`."""
    demo = gr.Blocks(
        title=text.TITLE,
        analytics_enabled=False,
        delete_cache=(SWEEP_S, services.settings.keep_files_s),
    )
    with demo:
        current = gr.State(None, delete_callback=services.recordings.release)
        demo_button = build_start()
        with gr.Tabs():
            with gr.Tab(text.TAB_ANALYSIS):
                analysis = build_analysis(current)
            with gr.Tab(text.TAB_PREDICT):
                predict = build_predict(services, current, demo)
            with gr.Tab(text.TAB_ZOO):
                build_zoo(demo)
        _wire_opening(services, current, demo_button, analysis, predict)
        publish_endpoints(services)
    return demo


def launch_options(demo: gr.Blocks, settings: Settings) -> dict[str, Any]:
    """Return the arguments of `launch`: where to listen, how it looks, what is closed."""
    return {
        "server_name": settings.server_name,
        "server_port": settings.server_port,
        "auth": settings.login,
        "max_file_size": f"{settings.max_upload_mb}mb",
        "quiet": True,
        "show_error": False,
        "share": False,
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "footer_links": ["api", "settings"],
        "theme": _theme(),
        "css_paths": Path(__file__).with_name("style.css"),
        "app_kwargs": {"middleware": [Middleware(UploadGuard, uploads=demo.upload_file_set)]},
    }


def _theme() -> gr.themes.Base:
    # The fonts come with Gradio and are served from this machine. Its semi-bold files (weight
    # 600, the default) lack most letters; its bold ones are whole.
    return gr.themes.Default(
        primary_hue=colors.teal,
        secondary_hue=colors.teal,
        font=[LocalFont("Source Sans Pro", weights=(400, 700)), "system-ui", "sans-serif"],
        font_mono=[LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "monospace"],
    )


def _wire_opening(
    services: Services,
    current: gr.State,
    demo_button: gr.Button,
    analysis: AnalysisTab,
    predict: PredictTab,
) -> None:
    """Let the demo button and both upload boxes open the session's one recording."""
    uploads = [analysis.upload, predict.upload]

    def take(
        before: OpenRecording | None, opened: OpenRecording
    ) -> tuple[OpenRecording, None, None]:
        services.recordings.release(before)
        return opened, None, None

    @for_browser
    def open_upload(
        before: OpenRecording | None, uploaded: str
    ) -> tuple[OpenRecording, None, None]:
        return take(before, services.recordings.take_upload(uploaded))

    @for_browser
    def open_demo(before: OpenRecording | None) -> tuple[OpenRecording, None, None]:
        return take(before, services.recordings.demo())

    def show_everywhere(opening: gr.events.Dependency) -> None:
        opening.success(**analysis.on_opened).success(**predict.on_opened)

    for upload in uploads:
        show_everywhere(
            upload.upload(
                open_upload,
                inputs=[current, upload],
                outputs=[current, *uploads],
                api_visibility="private",
            )
        )
    show_everywhere(
        demo_button.click(
            open_demo, inputs=[current], outputs=[current, *uploads], api_visibility="private"
        )
    )
