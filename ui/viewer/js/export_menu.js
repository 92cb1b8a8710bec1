// The one menu of files: what is left after the review first.
const ExportMenu = (() => {
  const { el, wordButton, checkbox } = Dom;
  const OF_MARKS = ["events", "edf", "csv"];
  const OF_RESULT = ["windows", "json", "report"];

  /** @param {Viewer} v */
  function build(v) {
    /** @param {string} kind */
    const item = (kind) => wordButton(`export.${kind}`, () => save(v, kind),
      { class: "szv-item", title: texts.t(`export.${kind}.help`) });
    const printed = {
      with_name: checkbox(texts.t("report.with_name"), false, () => {}),
      case: field("report.case"),
      reviewer: field("report.reviewer"),
    };
    const ofResult = el("div", {}, ...OF_RESULT.map(item),
      el("details", { class: "szv-printed" }, el("summary", {}, texts.t("report.label")),
        ...Object.values(printed)));
    const element = el("details", { class: "szv-export", onkeydown: (e) => {
      if (e.key !== "Escape") return;
      element.open = false;
      element.querySelector("summary").focus();
    } },
    el("summary", { class: "szv-word" }, texts.t("export.label")),
    el("div", { class: "szv-menu" }, ...OF_MARKS.map(item), ofResult));
    return { element, ofResult, printed };
  }

  /** @param {string} key */
  function field(key) {
    return el("label", { class: "szv-field" }, el("span", {}, texts.t(key)),
      el("input", { type: "text", maxLength: 200 }));
  }

  // Files about a result are offered where there is one.
  /** @param {ReturnType<typeof build>} menu @param {Viewer} v */
  function update(menu, v) {
    menu.ofResult.hidden = v.info.default_threshold === null && !v.info.is_queued;
  }

  /** @param {Viewer} v @param {string} kind */
  async function save(v, kind) {
    const { element, printed } = v.panel.events.exports;
    const [withName, ofCase, reviewer] = Object.values(printed).map((one) => one.querySelector("input"));
    element.open = false;
    v.overlay.focus({ preventScroll: true });
    v.say(texts.t("export.making"), true);
    await v.pushReview();
    const answer = await v.ask("viewer_export", {
      kind, with_name: withName.checked || null, case: ofCase.value, reviewer: reviewer.value,
    });
    if (!answer) {
      v.say(null);
      return;
    }
    const bytes = Uint8Array.from(atob(answer.content), (c) => c.charCodeAt(0));
    Dom.save(answer.file_name, new Blob([bytes], { type: answer.media_type }));
    if (OF_MARKS.includes(kind)) v.isSaved = true;
    v.say(answer.message);
  }

  return { build, update };
})();
