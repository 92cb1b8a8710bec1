// The list of events: predictions to judge, marks to edit, expert's and file's to jump to.
const PanelEvents = (() => {
  const { el, button, wordButton } = Dom;
  const MOST = 500;
  const AT_ONCE = 40; // the rest is built when it is scrolled to
  const LARGEST_IMPORT = 10 * 1048576;
  /** @type {Record<string, (event: EegEvent) => number>} */
  const ORDERS = {
    time: (event) => event.onset_s,
    duration: (event) => -event.duration_s,
    probability: (event) => -(event.confidence ?? 0),
  };

  /** @param {Viewer} v */
  function build(v) {
    const list = el("div", { class: "szv-lists" });
    const exports = ExportMenu.build(v);
    const imports = el("div", { class: "szv-row" },
      wordButton("import.label", () => importMarks(v), { title: texts.t("import.help") }),
      wordButton("marks.add", () => v.addMark(), { title: texts.t("marks.add.help") }));
    return { element: el("div", { class: "szv-pane szv-events" }, imports, list, exports.element), list, exports };
  }

  /** @param {ReturnType<typeof build>} pane @param {Viewer} v */
  function update(pane, v) {
    const { info } = v;
    ExportMenu.update(pane.exports, v);
    Dom.redraw(v, pane.list, [
      ...section(v, "predictions", order(v), (i) => prediction(v, i), null, [judging(v)]),
      ...section(v, "marks", v.state().marks, (mark) => markItem(v, mark), texts.t("marks.none")),
      ...section(v, "references", info.references, (e, i) => plain(v, e, "references", i)),
      ...section(v, "annotations", info.annotations, (e, i) => plain(v, e, "annotations", i)),
    ]);
  }

  // The positions of the predicted events as they are listed.
  /** @param {Viewer} v */
  function order(v) {
    const { predictions } = v.info;
    const value = ORDERS[v.settings.eventOrder] || ORDERS.time;
    return predictions.map((_event, i) => i)
      .sort((a, b) => value(predictions[a]) - value(predictions[b]) || a - b);
  }

  // How many of the predicted events were decided about, in words.
  /** @param {Viewer} v */
  function progress(v) {
    if (v.queue) return v.queue.progress();
    const n = v.info.predictions.filter((_event, i) => v.state().decisions[i]).length;
    return texts.t("predictions.decided", { n, all: v.info.predictions.length });
  }

  /** @param {Viewer} v */
  function judging(v) {
    /** @type {Choice[]} */
    const choices = Object.keys(ORDERS).map((name) => [name, texts.t(`order.${name}`)]);
    return el("div", { class: "szv-judging" }, el("span", { class: "szv-small" }, progress(v)),
      Dom.select("order.label", choices, v.settings.eventOrder,
        (eventOrder) => v.set({ eventOrder }), { "data-focus": "order" }).list);
  }

  // The events of one lane, of which no more is built than is shown: there may be ten thousand.
  /**
   * @template Listed
   * @param {Viewer} v
   * @param {string} lane
   * @param {Listed[]} events
   * @param {(event: Listed, i: number) => HTMLElement} made
   * @param {string | null} [empty]
   * @param {HTMLElement[]} [above]
   */
  function section(v, lane, events, made, empty = null, above = []) {
    if (!events.length && !empty) return [];
    const wasOpen = v.openSections[lane] ?? lane !== "annotations";
    return [
      el("details", { open: wasOpen, ontoggle: (e) => (v.openSections[lane] = e.target.open) },
        el("summary", { "data-focus": `section-${lane}` }, el("span", { class: `szv-dot szv-dot-${lane}` }),
          `${texts.t(`section.${lane}`)} (${events.length})`),
        ...above,
        events.length ? listed(v, lane, events, made) : el("p", { class: "szv-small" }, empty)),
    ];
  }

  // As many items as were shown before; more follow once the end is in sight.
  /**
   * @template Listed
   * @param {Viewer} v
   * @param {string} lane
   * @param {Listed[]} events
   * @param {(event: Listed, i: number) => HTMLElement} made
   */
  function listed(v, lane, events, made) {
    const most = Math.min(events.length, MOST);
    const left = events.length - most;
    const end = el("li", { class: "szv-small" }, left ? texts.t("list.more", { n: left }) : "");
    const list = el("ul", { class: "szv-list" }, end);
    let n = 0;
    /** @param {number} until */
    const grow = (until) => {
      end.before(...events.slice(n, until).map((event, i) => made(event, n + i)));
      n = v.nListed[lane] = Math.min(until, most);
      if (n === most && !left) end.remove();
    };
    grow(Math.min(Math.max(v.nListed[lane] ?? 0, AT_ONCE), most));
    if (n < most) {
      const watch = new IntersectionObserver((entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        grow(Math.min(n + AT_ONCE, most));
        watch.unobserve(end);
        if (n < most) watch.observe(end); // once more: it may be in sight still
      }, { rootMargin: "400px" });
      watch.observe(end);
    }
    return list;
  }

  /** @param {Viewer} v @param {Timed} event */
  function times(v, event) {
    const clock = v.clockStart === null ? "" : ` \u00b7 ${Times.clock(event.onset_s, v.clockStart)}`;
    return `${Times.format(event.onset_s, 1)}${clock} \u00b7 ${Times.duration(event.duration_s)}`;
  }

  /**
   * @param {Viewer} v
   * @param {LaneEvent} event
   * @param {string} lane
   * @param {string | number} id
   * @param {() => void} [go]
   */
  function jumper(v, event, lane, id, go = () => v.showEvent(event)) {
    const words = DrawLanes.label(lane, event) || texts.t(`section.${lane}`);
    return el("button", {
      type: "button", class: "szv-jump", onclick: go,
      title: texts.t("list.jump"), "data-focus": `go-${lane}-${id}`,
      "aria-label": `${texts.t("list.jump")}: ${words}, ${times(v, event)}`,
    }, el("b", {}, words), el("span", {}, times(v, event)));
  }

  /** @param {Viewer} v @param {LaneEvent} event @param {string} lane @param {number} i */
  function plain(v, event, lane, i) {
    return el("li", {}, jumper(v, event, lane, i));
  }

  // A predicted event; the chosen one can be judged and shifted.
  /** @param {Viewer} v @param {number} i */
  function prediction(v, i) {
    const decision = v.state().decisions[i];
    const mark = v.state().marks.find((m) => m.id === `prediction-${i}`);
    const event = mark || v.candidate(v.info.predictions[i], i);
    const isChosen = v.chosen === i;
    const classes = [decision ? `szv-${decision}` : "", isChosen ? "szv-chosen" : ""];
    return el("li", { class: `szv-event ${classes.join(" ")}`.trim() },
      jumper(v, { ...event, confidence: v.info.predictions[i].confidence }, "predictions", i,
        () => v.choosePrediction(i)),
      isChosen ? judgement(v, i) : null);
  }

  /** @param {Viewer} v @param {number} i */
  function judgement(v, i) {
    const decision = v.state().decisions[i];
    /** @param {"accepted" | "rejected"} said @param {string} key @param {string} words */
    const verdict = (said, key, words) => {
      const made = wordButton(words, () => v.decide(i, said), {
        "aria-pressed": String(decision === said), "data-focus": `${said}-${i}`,
        "aria-keyshortcuts": key, title: `${texts.t(words)} (${key})`,
      });
      made.append(" ", el("kbd", { "aria-hidden": "true" }, key));
      return made;
    };
    /** @param {number} seconds */
    const shift = (seconds) => v.change(
      Marks.shift(v.state(), i, v.info.predictions[i], seconds, v.info.duration_s), texts.t("said.shifted"));
    return el("span", { class: "szv-actions" },
      verdict("accepted", "Y", "predictions.accept"), verdict("rejected", "X", "predictions.reject"),
      button("left", "predictions.earlier", () => shift(-1), { "data-focus": `earlier-${i}` }),
      button("right", "predictions.later", () => shift(1), { "data-focus": `later-${i}` }),
      v.info.default_threshold === null ? null : wordButton("predictions.explain", () => v.explain(i),
        { "data-focus": `explain-${i}`, title: texts.t("predictions.explain.help") }));
  }

  /** @param {Viewer} v @param {Mark} mark */
  function markItem(v, mark) {
    return el("li", { class: v.editing && v.editing.id === mark.id ? "szv-chosen" : "" },
      jumper(v, mark, "marks", mark.id),
      el("span", { class: "szv-actions" },
        button("edit", "marks.edit", () => v.edit(mark), { "data-focus": `edit-${mark.id}` }),
        button("no", "marks.delete", () => v.deleteMark(mark.id))));
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

  return { build, update, order, progress };
})();
