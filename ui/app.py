"""All of the app on one page: the bar, the one viewer, the tabs, the API."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes.utils import colors
from gradio.themes.utils.fonts import LocalFont
from starlette.middleware import Middleware

from seizure_core import __version__
from ui.analysis.tab import AnalysisTab
from ui.api.publishing import all_endpoints, publish_endpoints
from ui.api.routes import api_routes
from ui.api.schemas import mcp_tools
from ui.errors import for_browser, messages_script
from ui.events import Trigger, Updates, listen
from ui.gradio_compat import (
    PartedBlocks,
    ask_no_foreign_name_server,
    delete_broken_uploads,
    leave_other_sites_to_the_guard,
    sent_when_opened,
    serve_tools,
)
from ui.gradio_sessions import keep_sessions_lightly
from ui.i18n import words
from ui.i18n.translation import browser_texts, in_all_languages, language_script, mark_texts
from ui.opening.help import OpeningHelp
from ui.opening.recordings import OpenRecording
from ui.opening.returning import remember, wire_return
from ui.opening.sessions import Sessions
from ui.opening.tab_opening import DropArea, Opening
from ui.predict.results_panel import ResultsPanel
from ui.predict.review_panel import ReviewPanel
from ui.predict.tab import PredictTab
from ui.resources import Services
from ui.server.access import AccessGuard, for_writers, may_write
from ui.server.health import health_route
from ui.server.settings import Settings
from ui.server.upload_guard import UploadGuard
from ui.server.upload_quota import UploadQuota
from ui.stopping import WorkStops
from ui.tab_links import wire_all_models, wire_comparison, wire_model_use
from ui.top_bar import (
    ANALYSIS,
    PREDICT,
    TABS,
    TRAIN,
    ZOO,
    build_top_bar,
    opening_html,
)
from ui.train.tab import TrainTab
from ui.viewer.component import build_viewer
from ui.viewer.handles import HandleStore
from ui.viewer.script import script_route
from ui.widgets import markup
from ui.zoo.tab import ZooTab
from zoo.store.home import home_folder

# How often Gradio looks for files that are too old.
SWEEP_S = 600


def build_app(services: Services) -> PartedBlocks:
    """Build the app; nothing is served before `launch`."""
    keep_sessions_lightly()
    demo = PartedBlocks(
        title="Seizure Zoo",
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(SWEEP_S, services.settings.keep_files_s),
    )
    with demo:
        stops = WorkStops()
        sessions = Sessions(sources=services.recordings, store=HandleStore(), stops=stops)
        current = gr.State(None, delete_callback=sessions.release)
        begin_from = gr.State(None)
        bar, about = build_top_bar()
        with gr.Column(elem_id="opening"):
            area = DropArea(has_folder=services.settings.data_folder is not None)
            opening_help = OpeningHelp()
            results = ResultsPanel(services, sessions, current)
            review = ReviewPanel(services, sessions, current)
        # One viewer for Analysis and Predict; style.css shows it with either, and the bar above
        # it with the tab whose it is.
        with gr.Column(elem_id="workspace"):
            predict_bar = gr.Row(elem_id="predict-bar", elem_classes="viewer-bar")
            viewer = build_viewer(sessions.store, elem_id="eeg")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
            with _tab(ANALYSIS):
                analysis = AnalysisTab(services.work, stops, current)
            with _tab(PREDICT):
                predict = PredictTab(services, viewer, predict_bar, stops, current, demo)
                review.build_add()
            with _tab(TRAIN), _for_writers_alone(bar.train_shown, services.settings):
                TrainTab(services, sessions.store, current, begin_from, demo, bar.train_shown)
            with _tab(ZOO), sent_when_opened(bar.zoo_shown):
                zoo = ZooTab(services, sessions.store, current, demo)
                wire_model_use(tabs, begin_from, current, predict, zoo)
                wire_comparison(tabs, zoo, current, viewer)
                wire_all_models(demo, predict, zoo)
                # What the other tabs have changed since is there when a tab is opened again.
                zoo.relist(bar.zoo_shown)
        predict.relist(bar.predict_shown)
        viewer.bind(demo)
        stops.bind(demo)

        def show(opened: OpenRecording) -> Updates:
            has_signal = bool(opened.recording.channels)
            return {
                about: opening_html(opened),
                viewer.component: viewer.show(opened.handle) if has_signal else None,
                **analysis.show(opened),
                **predict.get_ready(opened),
            }

        showing = [
            about,
            viewer.component,
            *analysis.showing,
            *predict.showing,
        ]
        Opening(
            sessions,
            current,
            demo,
            area=area,
            opening_help=opening_help,
            show=show,
            showing=showing,
        )
        loaded = [demo.load, bar.predict_shown]
        results.wire(tabs, viewer, loaded, show, showing)
        review.wire(viewer, loaded, show, showing)
        wire_return(sessions, current, show, showing, demo)
        remember(viewer)
        mark_texts(demo)
        publish_endpoints(services, demo)
    return demo


def _tab(name: str) -> gr.Tab:
    return gr.Tab(TABS[name], id=name, elem_id=f"{name}-tab")


@contextmanager
def _for_writers_alone(opened: Trigger, settings: Settings) -> Iterator[None]:
    """Send what is built in the block to those who may write, and tell others why they see none."""
    writes = functools.partial(may_write, settings)
    refused = gr.HTML(markup.empty(words.NO_WRITING), visible=False, elem_id="no-writing")
    listen(opened, lambda: gr.HTML(visible=not writes()), outputs=refused, quiet=True)

    def guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
        return for_browser(for_writers(settings, handler))

    with sent_when_opened(opened, may_see=writes, guarded=guarded):
        yield


def launch_options(demo: gr.Blocks, services: Services) -> dict[str, Any]:
    """Return the arguments of `launch`: where to listen, how it looks, what is closed."""
    settings, endpoints = services.settings, all_endpoints(services)
    delete_broken_uploads()
    leave_other_sites_to_the_guard()
    ask_no_foreign_name_server()
    if settings.mcp:
        serve_tools("Seizure Zoo", __version__, mcp_tools(endpoints))
    return {
        "server_name": settings.server_name,
        "server_port": settings.server_port,
        "root_path": settings.public_url,
        "auth": settings.login,
        "auth_message": in_all_languages(words.SHARED_LOGIN),
        "max_file_size": f"{settings.max_upload_mb}mb",
        "quiet": True,
        "show_error": False,
        "share": False,
        # Gradio would ask for the first page, and give up where that takes longer than 3 s.
        "_frontend": False,
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
            "middleware": [
                Middleware(AccessGuard, settings=settings),
                Middleware(
                    UploadQuota,
                    folder=Path(demo.GRADIO_CACHE),
                    most_mb=settings.max_visitor_mb,
                ),
                Middleware(UploadGuard, uploads=demo.upload_file_set),
            ],
            "routes": [
                script_route(),
                health_route((Path(demo.GRADIO_CACHE), home_folder())),
                *api_routes(endpoints),
            ],
        },
    }


def _theme() -> gr.themes.Base:
    # The fonts come with Gradio and are served from this machine. Its semi-bold files (weight
    # 600, the default) lack most letters; its bold ones are whole.
    theme = gr.themes.Default(
        primary_hue=colors.teal,
        secondary_hue=colors.teal,
        font=[LocalFont("Source Sans Pro", weights=(400, 700)), "system-ui", "sans-serif"],
        font_mono=[LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "monospace"],
    )
    # One colour, dark enough for white letters, marks what to do next; all else is outlined.
    # Hints, and choices of which there are none, are grey, but dark enough to be read.
    return theme.set(
        body_text_color_subdued="*neutral_600",
        input_placeholder_color="*neutral_500",
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_secondary_background_fill="*background_fill_primary",
        button_secondary_background_fill_dark="*background_fill_primary",
        button_secondary_background_fill_hover="*background_fill_secondary",
        button_secondary_background_fill_hover_dark="*background_fill_secondary",
        button_secondary_border_color="*border_color_primary",
        button_border_width="1px",
        link_text_color="*primary_700",
        link_text_color_hover="*primary_800",
        link_text_color_visited="*primary_700",
        link_text_color_active="*primary_800",
    )
