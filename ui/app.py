"""All of the app on one screen: the start section, the tabs, the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes.utils import colors
from gradio.themes.utils.fonts import LocalFont
from starlette.middleware import Middleware

from ui.analysis.tab import AnalysisTab
from ui.api import publish_endpoints
from ui.errors import messages_script
from ui.events import Updates, listen
from ui.gradio_compat import PartedBlocks, answer_mcp_in_json, sent_when_opened
from ui.i18n.shown_texts import mark_texts
from ui.i18n.translation import browser_texts, language_script
from ui.opening.help import OpeningHelp
from ui.opening.recordings import OpenRecording
from ui.opening.returning import remember, wire_return
from ui.opening.sessions import Sessions
from ui.opening.start import build_start
from ui.opening.tab_opening import Opening
from ui.predict.tab import PredictTab
from ui.resources import Services
from ui.server.settings import Settings
from ui.server.upload_guard import UploadGuard
from ui.stopping import WorkStops
from ui.tab_links import (
    ANALYSIS,
    PREDICT,
    TRAIN,
    ZOO,
    wire_disagreements,
    wire_model_use,
)
from ui.train.tab import TrainTab
from ui.viewer.component import ViewerComponents
from ui.viewer.handles import HandleStore
from ui.viewer.script import script_route
from ui.zoo.tab import ZooTab

# How often Gradio looks for files that are too old.
SWEEP_S = 600


def build_app(services: Services) -> gr.Blocks:
    """Build the app; nothing is served before `launch`."""
    demo = PartedBlocks(
        title="Seizure Zoo",
        analytics_enabled=False,
        delete_cache=(SWEEP_S, services.settings.keep_files_s),
    )
    with demo:
        stops = WorkStops()
        sessions = Sessions(sources=services.recordings, store=HandleStore(), stops=stops)
        current = gr.State(None, delete_callback=sessions.release)
        begin_from = gr.State(None)
        demo_button = build_start()
        opening_help = OpeningHelp()
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
            with gr.Tab("Analysis", id=ANALYSIS) as analysis_tab:
                analysis = AnalysisTab(
                    sessions.store,
                    services.work,
                    stops,
                    current,
                    has_folder=services.settings.data_folder is not None,
                )
            with gr.Tab("Predict", id=PREDICT) as predict_tab:
                predict = PredictTab(services, sessions.store, stops, current, demo)
            with (
                gr.Tab("Train", id=TRAIN, elem_id="train-tab") as train_tab,
                sent_when_opened(train_tab),
            ):
                TrainTab(services, sessions.store, current, begin_from, demo, train_tab)
            with gr.Tab("Model Zoo", id=ZOO) as zoo_tab, sent_when_opened(zoo_tab):
                zoo = ZooTab(services, sessions.store, current, demo)
                wire_model_use(tabs, begin_from, predict, zoo)
                wire_disagreements(tabs, zoo, current, analysis.viewer)
                # What the other tabs have changed since is there when a tab is opened again.
                zoo.relist(zoo_tab.select)
        predict.relist(predict_tab.select)
        analysis.viewer.bind(demo)
        stops.bind(demo)
        _wire_fronts(current, {analysis_tab: analysis.viewer, predict_tab: predict.viewer})

        def show_everywhere(opening: gr.events.Dependency) -> None:
            shown = analysis.follow_opening(opening.success)
            remember(predict.follow_opening(shown.success), analysis.viewer)

        Opening(
            sessions,
            current,
            demo,
            demo_button=demo_button,
            uploads=(analysis.upload, predict.upload),
            folder=analysis.folder,
            opening_help=opening_help,
            show=show_everywhere,
        )
        wire_return(sessions, current, show_everywhere, demo)
        mark_texts(demo)
        publish_endpoints(services)
    return demo


def launch_options(demo: gr.Blocks, settings: Settings) -> dict[str, Any]:
    """Return the arguments of `launch`: where to listen, how it looks, what is closed."""
    if settings.mcp:
        answer_mcp_in_json()
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
        "mcp_server": settings.mcp,
        "footer_links": ["api", "settings"],
        "i18n": browser_texts(),
        "head": language_script() + messages_script(),
        "theme": _theme(),
        "css_paths": [
            Path(__file__).with_name("style.css"),
            Path(__file__).parent / "zoo" / "style.css",
        ],
        "app_kwargs": {
            "middleware": [Middleware(UploadGuard, uploads=demo.upload_file_set)],
            "routes": [script_route()],
        },
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


def _wire_fronts(current: gr.State, viewers: dict[gr.Tab, ViewerComponents]) -> None:
    """Let a viewer that comes to the front show what was marked in the other one."""

    def fresh(viewer: ViewerComponents) -> Callable[[OpenRecording | None], Updates]:
        def follow(opened: OpenRecording | None) -> Updates:
            return {} if opened is None else {viewer.component: viewer.refresh(opened.handle)}

        return follow

    for tab, viewer in viewers.items():
        listen(tab.select, fresh(viewer), inputs=current, outputs=viewer.component)
