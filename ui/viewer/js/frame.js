// The parts of the viewer on the page: bars, overview, canvas, panel, status line.
const Frame = (() => {
  const { el } = Dom;
  const PANES = ["events", "channels", "display"];

  /** @param {Viewer} v @param {Element} root */
  function build(v, root) {
    root.replaceChildren();
    v.bar = Toolbar.build(v);
    v.title = el("div", { class: "szv-title" });
    v.strip = el("canvas", {
      class: "szv-strip", tabIndex: 0, role: "slider", "aria-label": texts.t("overview.label"),
      "aria-valuemin": "0",
    });
    v.trendPane = Trends.build(v);
    v.spectrumPane = Spectrum.build(v);
    v.canvas = el("canvas", { class: "szv-canvas", "aria-hidden": "true" });
    v.overlay = el("canvas", {
      class: "szv-canvas szv-overlay", tabIndex: 0, role: "application",
      "aria-label": texts.t("canvas.label"), "aria-roledescription": texts.t("canvas.role"),
    });
    v.threshold = Threshold.build(v);
    v.editor = Editor.build(v);
    v.message = el("div", { class: "szv-message", role: "alert", hidden: true, "data-message": "error" });
    v.empty = el("div", { class: "szv-empty" }, texts.t("empty"));
    v.help = help(v);
    v.stage = el("div", { class: "szv-stage" }, v.canvas, v.overlay, v.threshold.element,
      v.spectrumPane.element, v.editor.element, v.empty, v.help);
    v.panel = panel(v);
    v.readout = el("div", { class: "szv-readout" });
    v.where = el("div", { class: "szv-where", "aria-live": "polite" });
    v.body = el("div", { class: "szv-body" },
      v.bar.element, v.strip, v.trendPane.element,
      el("div", { class: "szv-main" }, v.stage, v.panel.element),
      el("div", { class: "szv-status" },
        el("div", { class: "szv-said" }, v.title, v.readout, v.message), v.where));
    v.body.addEventListener("input", () => v.reconsider(), true);
    root.append(v.body);
  }

  /** @param {Viewer} v */
  function help(v) {
    const rows = Keyboard.help().map(([key, words]) =>
      el("div", {}, el("kbd", {}, key), el("span", {}, words)));
    return el("div", { class: "szv-help", role: "dialog", "aria-label": texts.t("help.title"), hidden: true,
      onkeydown: (e) => {
        if (e.key === "Escape") v.showHelp(false);
      } },
    el("b", {}, texts.t("help.title")), el("div", { class: "szv-keys" }, ...rows),
    el("p", { class: "szv-small" }, texts.t("help.wheel")),
    el("p", { class: "szv-small" }, texts.t("help.measure")),
    Dom.wordButton("help.close", () => v.showHelp(false)));
  }

  /** @param {Viewer} v */
  function panel(v) {
    /** @type {Panes & { events: ReturnType<typeof PanelEvents.build>, channels: ReturnType<typeof PanelChannels.build>,
     *   display: ReturnType<typeof PanelDisplay.build> }} */
    const made = {
      events: PanelEvents.build(v), channels: PanelChannels.build(v), display: PanelDisplay.build(v),
    };
    const tabs = PANES.map((name, i) => el("button", {
      type: "button", role: "tab", id: `${v.id}-tab-${name}`, "aria-controls": `${v.id}-${name}`,
      "aria-selected": String(i === 0), tabIndex: i === 0 ? 0 : -1,
      onclick: () => choose(v, tabs, made, i), onkeydown: (e) => arrow(v, e, tabs, made, i),
    }, texts.t(`pane.${name}`)));
    PANES.forEach((name, i) => {
      const pane = made[name].element;
      pane.id = `${v.id}-${name}`;
      pane.setAttribute("role", "tabpanel");
      pane.setAttribute("aria-labelledby", tabs[i].id);
      pane.hidden = i > 0;
    });
    const element = el("aside", { class: "szv-panel", "aria-label": texts.t("panel.label") },
      el("div", { class: "szv-tabs", role: "tablist", "aria-label": texts.t("panel.label") }, ...tabs),
      ...PANES.map((name) => made[name].element));
    return { element, ...made };
  }

  // Shows the state in the pane that is seen.
  /** @param {Viewer} v */
  function update(v) {
    const { events, channels, display } = v.panel;
    if (!events.element.hidden) PanelEvents.update(events, v);
    if (!channels.element.hidden) PanelChannels.update(channels, v);
    if (!display.element.hidden) PanelDisplay.update(display, v);
  }

  /** @param {Viewer} v @param {HTMLElement[]} tabs @param {Panes} made @param {number} chosen */
  function choose(v, tabs, made, chosen) {
    PANES.forEach((name, i) => {
      made[name].element.hidden = i !== chosen;
      tabs[i].setAttribute("aria-selected", String(i === chosen));
      tabs[i].tabIndex = i === chosen ? 0 : -1;
    });
    tabs[chosen].focus();
    if (v.info) update(v);
  }

  /** @param {Viewer} v @param {KeyboardEvent} e @param {HTMLElement[]} tabs @param {Panes} made @param {number} i */
  function arrow(v, e, tabs, made, i) {
    const direction = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!direction) return;
    e.preventDefault(); // not also the EEG's
    choose(v, tabs, made, (i + direction + PANES.length) % PANES.length);
  }

  // A click or drag in the overview puts the page there; its keys are those of a slider.
  /** @param {Viewer} v */
  function attachStrip(v) {
    let isDown = false;
    /** @param {PointerEvent} e */
    const go = (e) => {
      const box = v.strip.getBoundingClientRect();
      const time_s = ((e.clientX - box.left) / box.width) * v.info.duration_s;
      v.look(View.clamp({ ...v.view, start_s: time_s - v.view.length_s / 2 }, v.info.duration_s));
    };
    v.strip.addEventListener("pointerdown", (e) => {
      if (!v.info) return;
      isDown = true;
      v.strip.setPointerCapture(e.pointerId);
      go(e);
    });
    v.strip.addEventListener("pointermove", (e) => isDown && go(e));
    v.strip.addEventListener("pointerup", () => (isDown = false));
    v.strip.addEventListener("pointercancel", () => (isDown = false));
    v.strip.addEventListener("keydown", (e) => {
      const act = {
        ArrowLeft: () => v.turn(-1), ArrowRight: () => v.turn(1), Home: () => v.goFirst(),
        End: () => v.goLast(), PageUp: () => v.turn(-10), PageDown: () => v.turn(10),
      }[e.key];
      if (!act || !v.info) return;
      e.preventDefault();
      act();
    });
  }

  return { build, panel, update, attachStrip };
})();
