// The list of events: predictions to judge, marks to edit, expert's and file's to jump to.
const PanelEvents = (() => {
  const { el, button, wordButton } = Dom;
  const MOST = 500;
  const LARGEST_IMPORT = 10 * 1048576;
  const FORMATS = ["tsv", "edf", "csv"];

  /** @param {Viewer} v */
  function build(v) {
    const list = el("div", { class: "szv-lists" });
    const exports = el("div", { class: "szv-row" },
      el("span", { class: "szv-small" }, texts.t("export.label")),
      ...FORMATS.map((format) => wordButton(`export.${format}`, () => exportMarks(v, format),
        { title: texts.t(`export.${format}.help`) })));
    const imports = el("div", { class: "szv-row" },
      wordButton("import.label", () => importMarks(v), { title: texts.t("import.help") }),
      wordButton("marks.add", () => v.addMark(), { title: texts.t("marks.add.help") }));
    return { element: el("div", { class: "szv-pane" }, imports, list, exports), list };
  }

  /** @param {ReturnType<typeof build>} pane @param {Viewer} v */
  function update(pane, v) {
    const { info } = v;
    Dom.redraw(v, pane.list, [
      ...section(v, "predictions", info.predictions.map((e, i) => prediction(v, v.candidate(e, i), i))),
      ...section(v, "marks", v.state().marks.map((mark) => markItem(v, mark)), texts.t("marks.none")),
      ...section(v, "references", info.references.map((e, i) => plain(v, e, "references", i))),
      ...section(v, "annotations", info.annotations.map((e, i) => plain(v, e, "annotations", i))),
    ]);
  }

  /**
   * @param {Viewer} v
   * @param {string} lane
   * @param {HTMLElement[]} items
   * @param {string | null} [empty]
   */
  function section(v, lane, items, empty = null) {
    if (!items.length && !empty) return [];
    const more = items.length > MOST
      ? [el("li", { class: "szv-small" }, texts.t("list.more", { n: items.length - MOST }))] : [];
    const wasOpen = v.openSections[lane] ?? lane !== "annotations";
    return [
      el("details", { open: wasOpen, ontoggle: (e) => (v.openSections[lane] = e.target.open) },
        el("summary", { "data-focus": `section-${lane}` }, el("span", { class: `szv-dot szv-dot-${lane}` }),
          `${texts.t(`section.${lane}`)} (${items.length})`),
        items.length
          ? el("ul", { class: "szv-list" }, ...items.slice(0, MOST), ...more)
          : el("p", { class: "szv-small" }, empty)),
    ];
  }

  /** @param {Viewer} v @param {Timed} event */
  function times(v, event) {
    const clock = v.clockStart === null ? "" : ` \u00b7 ${Times.clock(event.onset_s, v.clockStart)}`;
    return `${Times.format(event.onset_s, 1)}${clock} \u00b7 ${Times.duration(event.duration_s)}`;
  }

  /** @param {Viewer} v @param {LaneEvent} event @param {string} lane @param {string | number} id */
  function jumper(v, event, lane, id) {
    const words = DrawLanes.label(lane, event) || texts.t(`section.${lane}`);
    return el("button", {
      type: "button", class: "szv-jump", onclick: () => v.showEvent(event),
      title: texts.t("list.jump"), "data-focus": `go-${lane}-${id}`,
      "aria-label": `${texts.t("list.jump")}: ${words}, ${times(v, event)}`,
    }, el("b", {}, words), el("span", {}, times(v, event)));
  }

  /** @param {Viewer} v @param {LaneEvent} event @param {string} lane @param {number} i */
  function plain(v, event, lane, i) {
    return el("li", {}, jumper(v, event, lane, i));
  }

  /** @param {Viewer} v @param {EegEvent} event @param {number} i */
  function prediction(v, event, i) {
    const decision = v.state().decisions[i];
    const mark = v.state().marks.find((m) => m.id === `prediction-${i}`);
    /** @param {string} words @param {MarksState} state */
    const act = (words, state) => v.change(state, texts.t(words));
    /** @param {number} seconds */
    const shift = (seconds) => act("said.shifted",
      Marks.shift(v.state(), i, v.info.predictions[i], seconds, v.info.duration_s));
    return el("li", { class: decision ? `szv-${decision}` : "" },
      jumper(v, mark || event, "predictions", i),
      el("span", { class: "szv-actions" },
        button("yes", "predictions.accept", () => (decision === "accepted"
          ? act("said.undecided", Marks.undecide(v.state(), i))
          : act("said.accepted", Marks.accept(v.state(), i, event))),
        { "aria-pressed": String(decision === "accepted"), "data-focus": `yes-${i}` }),
        button("no", "predictions.reject", () => (decision === "rejected"
          ? act("said.undecided", Marks.undecide(v.state(), i))
          : act("said.rejected", Marks.reject(v.state(), i))),
        { "aria-pressed": String(decision === "rejected"), "data-focus": `no-${i}` }),
        button("left", "predictions.earlier", () => shift(-1), { "data-focus": `earlier-${i}` }),
        button("right", "predictions.later", () => shift(1), { "data-focus": `later-${i}` })));
  }

  /** @param {Viewer} v @param {Mark} mark */
  function markItem(v, mark) {
    return el("li", { class: v.editing && v.editing.id === mark.id ? "szv-chosen" : "" },
      jumper(v, mark, "marks", mark.id),
      el("span", { class: "szv-actions" },
        button("edit", "marks.edit", () => v.edit(mark), { "data-focus": `edit-${mark.id}` }),
        button("no", "marks.delete", () => v.deleteMark(mark.id))));
  }

  /** @param {Viewer} v @param {string} format */
  async function exportMarks(v, format) {
    await v.pushReview();
    const answer = await v.ask("viewer_export", { format });
    if (!answer) return;
    const bytes = Uint8Array.from(atob(answer.content), (c) => c.charCodeAt(0));
    Dom.save(answer.file_name, new Blob([bytes], { type: answer.media_type }));
    v.isSaved = true;
    v.say(answer.message);
  }

  /** @param {Viewer} v */
  function importMarks(v) {
    Dom.pickFile(".tsv,.csv,.csv_bi,.edf,.bdf,.txt,.seizures", LARGEST_IMPORT, async (name, content) => {
      const answer = await v.ask("viewer_import", { file_name: name, content });
      if (!answer) return;
      const start = Date.now().toString(36);
      let state = v.state();
      answer.marks.forEach((mark, i) => {
        state = Marks.put(state, { ...mark, id: `imported-${start}-${i}` });
      });
      v.change(state, [texts.t("import.done", { n: answer.marks.length }), ...answer.messages].join(" "));
    }, (message) => v.complain(message));
  }

  return { build, update };
})();
