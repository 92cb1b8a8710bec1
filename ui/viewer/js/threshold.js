// The threshold under the traces, a line to drag: the events follow at once, without a new run.
const Threshold = (() => {
  const { el, wordButton } = Dom;
  const LEAST = 0.01;
  const MOST = 0.99;
  const HEIGHT = 22; // of what can be taken hold of

  /** @param {Viewer} v */
  function build(v) {
    const words = el("span", { class: "szv-threshold-words" });
    const line = el("div", {
      class: "szv-threshold", role: "slider", tabIndex: 0, "aria-orientation": "vertical",
      "aria-label": texts.t("threshold.label"), title: texts.t("threshold.help"),
      "aria-valuemin": String(LEAST), "aria-valuemax": String(MOST),
    }, words);
    const reset = wordButton("threshold.default", () => {
      move(v, null);
      line.focus({ preventScroll: true });
    }, { class: "szv-word szv-default", title: texts.t("threshold.default.help") });
    line.addEventListener("pointerdown", (e) => {
      e.preventDefault();
      line.focus({ preventScroll: true });
      line.setPointerCapture(e.pointerId);
    });
    line.addEventListener("pointermove", (e) => {
      if (line.hasPointerCapture(e.pointerId)) move(v, thresholdAt(v, e));
    });
    line.addEventListener("keydown", (e) => press(v, e));
    const element = el("div", { class: "szv-threshold-lane", hidden: true }, line, reset);
    return { element, line, words, reset };
  }

  /** @param {Viewer} v @param {PointerEvent} e */
  function thresholdAt(v, e) {
    return Geometry.probabilityAt(v.geometry.probability, e.clientY - v.overlay.getBoundingClientRect().top);
  }

  /** @param {Viewer} v @param {KeyboardEvent} e */
  function press(v, e) {
    const now = v.shownThreshold();
    const wanted = {
      ArrowUp: now + 0.01, ArrowRight: now + 0.01, ArrowDown: now - 0.01, ArrowLeft: now - 0.01,
      PageUp: now + 0.1, PageDown: now - 0.1, Home: LEAST, End: MOST,
    }[e.key];
    if (wanted === undefined) return;
    e.preventDefault(); // not also the EEG's
    move(v, wanted);
  }

  // Asks for the events at a threshold, null for the card's own; while an answer is awaited, only
  // the last one wished for in between is asked for next. With a history, it is its threshold that
  // is asked for, and its state that is gone back to.
  /** @param {Viewer} v @param {number | null} threshold @param {MarksHistory | null} [history] */
  async function move(v, threshold, history = null) {
    v.wished = { threshold: threshold === null || history ? threshold : rounded(threshold), history };
    v.draw();
    if (v.isMoving) return;
    const { handle } = v;
    v.isMoving = true;
    await v.outbox.sending;
    while (v.wished) {
      const asked = v.wished;
      const sent = v.state();
      const words = asked.history
        ? { ...Marks.described(asked.history.present), seen_at: asked.threshold } : v.reviewWords();
      const answer = await v.ask("viewer_threshold", { threshold: asked.threshold, ...words });
      if (!answer) break;
      if (v.state() !== sent) { // judged meanwhile: asked again, with that, or not gone back
        if (v.wished.history) v.wished = { threshold: v.info.threshold, history: null };
        continue;
      }
      if (v.wished === asked) v.wished = null;
      v.takeFound(answer, asked.history);
    }
    if (handle !== v.handle) return; // another recording was opened, and began from nothing
    v.wished = null;
    v.isMoving = false;
    v.draw();
    v.trigger("threshold_moved", { handle });
  }

  /** @param {number} threshold */
  function rounded(threshold) {
    return Math.round(100 * Math.min(Math.max(threshold, LEAST), MOST)) / 100;
  }

  // Puts the line where its threshold stands in the lane.
  /** @param {ReturnType<typeof build>} slider @param {Viewer} v */
  function place({ element, line, words, reset }, v) {
    const { probability, left, plotWidth } = v.geometry;
    element.hidden = !probability || v.info.default_threshold === null;
    if (element.hidden) return;
    const threshold = v.shownThreshold();
    const said = texts.t("threshold.now", { threshold: texts.short(threshold, 3) });
    const y = Geometry.yOfProbability(probability, threshold);
    Object.assign(element.style, { left: `${left}px`, width: `${plotWidth}px`, top: `${probability.y}px`,
      height: `${probability.height}px` });
    line.style.top = `${y - probability.y - HEIGHT / 2}px`;
    line.setAttribute("aria-valuenow", String(threshold));
    line.setAttribute("aria-valuetext", `${said}, ${texts.t("section.predictions")} (${v.info.predictions.length})`);
    words.textContent = `${said} \u21d5`;
    words.classList.toggle("szv-below", y - probability.y < 20); // no room above the line
    reset.hidden = Math.abs(threshold - v.info.default_threshold) < 5e-4;
    reset.style.top = y - probability.y < probability.height / 2 ? "auto" : "2px";
    reset.style.bottom = reset.style.top === "auto" ? "2px" : "auto";
  }

  return { build, place, move };
})();
