// The bars above the EEG: paging, time, montage, scale, filters, modes.
const Toolbar = (() => {
  const { el, button, select } = Dom;
  const HIGH_PASS = [null, 0.1, 0.16, 0.3, 0.5, 1, 1.6, 2, 5, 10];
  const LOW_PASS = [null, 15, 20, 30, 35, 40, 50, 70, 100];
  const NOTCH = [null, 50, 60];
  /** @type {("move" | "measure" | "mark" | "zoom")[]} */
  const MODES = ["move", "measure", "mark", "zoom"];

  /** @param {Viewer} v */
  function build(v) {
    const bar = {};
    bar.goto = el("input", {
      type: "text", class: "szv-goto", "aria-label": texts.t("goto.label"),
      title: texts.t("goto.help"), placeholder: texts.t("goto.placeholder"), spellcheck: "false",
      onkeydown: (e) => {
        if (e.key === "Enter") v.goTo(bar.goto.value);
        if (e.key === "Escape") v.reconsider(); // and the EEG has the keys again
      },
    });
    bar.length = select("length.label", [], "", (value) => v.chooseLength(value));
    bar.montage = select("montage.label", [], "", (value) => v.chooseMontage(value));
    bar.sensitivity = select("sensitivity.label", [], "", (value) => v.chooseSensitivity(value));
    bar.high = filter(v, "filter.high_pass", HIGH_PASS, "high_pass_hz");
    bar.low = filter(v, "filter.low_pass", LOW_PASS, "low_pass_hz");
    bar.notch = filter(v, "filter.notch", NOTCH, "notch_hz");
    bar.undo = button("undo", "marks.undo", () => v.undo());
    bar.redo = button("redo", "marks.redo", () => v.redo());
    bar.trends = button("trends", "trends.toggle", () => Trends.toggle(v), { "aria-pressed": "false" });
    bar.spectrum = button("spectrum", "spectrum.title", () => Spectrum.toggle(v), { "aria-pressed": "false" });
    bar.auto = button("auto", "auto.toggle", () => AutoPaging.toggle(v), { "aria-pressed": "false" });
    bar.panel = button("panel", "panel.toggle", () => v.togglePanel(), { "aria-expanded": "true" });
    bar.modes = MODES.map((mode) =>
      button(mode, `mode.${mode}`, () => v.chooseMode(mode), { "aria-pressed": "false" }));
    bar.element = el("div", { class: "szv-bars", role: "toolbar", "aria-label": texts.t("toolbar") },
      el("div", { class: "szv-bar" },
        paging(v, bar.auto),
        el("div", { class: "szv-group" }, bar.goto, button("jump", "goto.go", () => v.goTo(bar.goto.value))),
        bar.length.label,
        el("div", { class: "szv-group" },
          button("less", "zoom.out", () => v.zoom(1)), button("more", "zoom.in", () => v.zoom(-1))),
        el("div", { class: "szv-group", role: "group", "aria-label": texts.t("mode.label") }, ...bar.modes),
        el("div", { class: "szv-group szv-history" }, bar.undo, bar.redo),
        el("span", { class: "szv-space" }),
        bar.trends, bar.spectrum,
        button("full", "full.toggle", () => v.toggleFull(), { class: "szv-icon szv-full" }),
        button("help", "help.open", () => v.showHelp()),
        bar.panel),
      el("div", { class: "szv-bar" },
        bar.montage.label,
        el("div", { class: "szv-group" },
          bar.sensitivity.label,
          button("down", "sensitivity.less", () => v.stepSensitivity(1)),
          button("up", "sensitivity.more", () => v.stepSensitivity(-1))),
        bar.high.label, bar.low.label, bar.notch.label));
    return bar;
  }

  // The field for a time, with its old text selected, so that typing replaces it.
  /** @param {ViewerBase["bar"]} bar */
  function askTime(bar) {
    bar.goto.focus();
    bar.goto.select();
  }

  /** @param {Viewer} v @param {HTMLButtonElement} auto */
  function paging(v, auto) {
    return el("div", { class: "szv-group szv-paging", role: "group", "aria-label": texts.t("paging") },
      button("first", "page.first", () => v.goFirst()),
      button("back", "page.previous", () => v.turn(-1)),
      button("left", "page.left", () => v.pan(-1)),
      button("right", "page.right", () => v.pan(1)),
      button("forward", "page.next", () => v.turn(1)),
      button("last", "page.last", () => v.goLast()), auto);
  }

  /**
   * @param {Viewer} v
   * @param {string} key
   * @param {(number | null)[]} choices
   * @param {keyof Filters} name
   */
  function filter(v, key, choices, name) {
    /** @type {Choice[]} */
    const words = choices.map((hz) => [
      hz ?? "", hz === null ? texts.t("filter.off") : `${texts.short(hz)} Hz`,
    ]);
    return select(key, words, "", (value) => v.chooseFilter(name, value ? +value : null));
  }

  // Shows the state in the controls; called after every change.
  /** @param {ViewerBase["bar"]} bar @param {Viewer} v */
  function update(bar, v) {
    const { settings, info } = v;
    Dom.fill(bar.length.list, lengths(v), v.speed ? `speed:${v.speed}` : nearest(v));
    Dom.fill(bar.montage.list, montages(info), v.montage);
    Dom.fill(bar.sensitivity.list, sensitivities(v),
      settings.perChannel ? "fit" : settings.uvPerMm > 0 ? settings.uvPerMm : "auto");
    bar.high.list.value = String(v.filters.high_pass_hz ?? "");
    bar.low.list.value = String(v.filters.low_pass_hz ?? "");
    bar.notch.list.value = String(v.filters.notch_hz ?? "");
    able(v, bar.undo, v.history.past.length > 0);
    able(v, bar.redo, v.history.future.length > 0);
    bar.panel.setAttribute("aria-expanded", String(settings.panel));
    bar.trends.setAttribute("aria-pressed", String(settings.trends));
    bar.spectrum.setAttribute("aria-pressed", String(!v.spectrumPane.element.hidden));
    bar.auto.setAttribute("aria-pressed", String(AutoPaging.isOn(v)));
    MODES.forEach((mode, i) => bar.modes[i].setAttribute("aria-pressed", String(v.mode === mode)));
  }

  // A button that cannot be pressed any more hands the keyboard to the EEG.
  /** @param {Viewer} v @param {HTMLButtonElement} control @param {boolean} isAble */
  function able(v, control, isAble) {
    if (!isAble && document.activeElement === control) v.overlay.focus({ preventScroll: true });
    control.disabled = !isAble;
  }

  /** @param {Viewer} v */
  function nearest(v) {
    const { length_s } = v.view;
    if (Math.abs(length_s - v.info.duration_s) < 1e-6) return "whole";
    return Scale.LENGTHS_S.find((length) => Math.abs(length - length_s) < 1e-6) ?? "other";
  }

  /** @param {Viewer} v */
  function lengths(v) {
    const { duration_s } = v.info;
    /** @type {Choice[]} */
    const choices = Scale.LENGTHS_S.filter((s) => s < duration_s).map((s) => [s, words(s)]);
    choices.push(["whole", texts.t("length.whole", { length: Times.duration(duration_s) })]);
    if (nearest(v) === "other") choices.push(["other", Times.duration(v.view.length_s)]);
    for (const speed of Scale.SPEEDS_MM_S) choices.push([`speed:${speed}`, `${texts.short(speed)} mm/s`]);
    return choices;
  }

  /** @param {number} seconds */
  function words(seconds) {
    if (seconds < 60) return `${seconds} s`;
    return seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;
  }

  /** @param {RecordingInfo} info @returns {Choice[]} */
  function montages(info) {
    return info.montages.map(({ id, name }) => [
      id, texts.has(`montage.${id}`) ? texts.t(`montage.${id}`) : name,
    ]);
  }

  /** @param {Viewer} v @returns {Choice[]} */
  function sensitivities(v) {
    const { uvPerMm } = v.settings;
    const own = uvPerMm > 0 ? [uvPerMm] : [];
    const choices = [...new Set([...Scale.SENSITIVITIES, ...own])].sort((a, b) => a - b);
    /** @type {Choice[]} */
    const fixed = choices.map((uv) => [uv, written(uv)]);
    return [
      ["auto", texts.t("sensitivity.auto", { now: written(v.uvPerMm()) })],
      ...fixed,
      ["fit", texts.t("sensitivity.fit")],
    ];
  }

  /** @param {number} uvPerMm */
  function written(uvPerMm) {
    return `${texts.short(uvPerMm, 1)} \u00b5V/mm`;
  }

  return { build, update, askTime };
})();
