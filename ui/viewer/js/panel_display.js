// Display settings: polarity, colours, grid, and the calibration of the screen.
const PanelDisplay = (() => {
  const { el, checkbox } = Dom;
  const BAR_PX = 200;
  /** @type {("negativeUp" | "centre" | "colourBySide" | "grid" | "thick" | "raw" | "rawBelow")[]} */
  const OPTIONS = ["negativeUp", "centre", "colourBySide", "grid", "thick", "raw", "rawBelow"];

  /** @param {Viewer} v */
  function build(v) {
    const boxes = OPTIONS.map((name) =>
      checkbox(texts.t(`display.${name}`), v.settings[name], (on) => v.set({ [name]: on })));
    const measured = el("input", {
      type: "number", min: "10", max: "500", step: "0.5", class: "szv-number",
      "aria-label": texts.t("calibration.measured"),
      onchange: () => calibrate(v, +measured.value),
    });
    const paging = Dom.select("auto.every", AutoPaging.INTERVALS_S.map((s) => [s, `${texts.short(s)} s`]),
      v.settings.pagingS, (value) => v.set({ pagingS: +value }));
    const reset = Dom.wordButton("calibration.reset", () => v.set({ pxPerMm: Scale.PX_PER_MM }));
    const element = el("div", { class: "szv-pane" },
      ...boxes, paging.label,
      el("fieldset", {},
        el("legend", {}, texts.t("calibration.title")),
        el("p", { class: "szv-small" }, texts.t("calibration.help")),
        el("div", { class: "szv-ruler", style: `width: ${BAR_PX}px` }),
        el("label", { class: "szv-field" }, el("span", {}, texts.t("calibration.measured")), measured, "mm"),
        reset));
    return { element, boxes, measured, paging };
  }

  /** @param {Viewer} v @param {number} mm */
  function calibrate(v, mm) {
    if (mm >= 10 && mm <= 500) v.set({ pxPerMm: BAR_PX / mm });
  }

  /** @param {ReturnType<typeof build>} pane @param {Viewer} v */
  function update(pane, v) {
    OPTIONS.forEach((name, i) => (pane.boxes[i].querySelector("input").checked = v.settings[name]));
    pane.paging.list.value = String(v.settings.pagingS);
    pane.measured.value = (BAR_PX / v.settings.pxPerMm).toFixed(1);
  }

  return { build, update };
})();
