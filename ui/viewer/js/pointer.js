// Mouse, pen and finger on the canvas: look, drag to move, measure, mark or zoom.
const Pointer = (() => {
  const LEAST_DRAG_PX = 4;
  /** @type {Record<string, string>} */
  const CURSORS = { move: "grab", measure: "crosshair", mark: "cell", zoom: "zoom-in" };

  /** @param {Viewer} v */
  function attach(v) {
    const canvas = v.overlay;
    /** @type {Drag | null} */ let drag = null;
    canvas.addEventListener("pointermove", (e) => {
      const at = place(v, e);
      if (drag) continueDrag(v, drag, at);
      else look(v, at);
    });
    canvas.addEventListener("pointerleave", () => {
      v.pointer = null;
      v.drawOverlay();
      v.showReadout();
    });
    canvas.addEventListener("pointerdown", (e) => {
      if (e.button !== 0 || !v.info) return;
      AutoPaging.stop(v);
      canvas.setPointerCapture(e.pointerId);
      canvas.focus({ preventScroll: true });
      drag = beginDrag(v, place(v, e), e.shiftKey);
    });
    /** @param {PointerEvent} e */
    const end = (e) => {
      if (!drag) return;
      endDrag(v, drag, place(v, e));
      drag = null;
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", () => {
      drag = null;
      v.selection = null;
      v.drawOverlay();
    });
    canvas.addEventListener("dblclick", (e) => {
      const at = place(v, e);
      const hit = DrawLanes.hit(v, at.x, at.y);
      if (hit && hit.lane === "marks") v.edit(markOf(hit));
    });
    canvas.addEventListener("wheel", (e) => wheel(v, e), { passive: false });
  }

  /** @param {Viewer} v @param {MouseEvent} e */
  function place(v, e) {
    const box = v.overlay.getBoundingClientRect();
    return placeAt(v, { x: e.clientX - box.left, y: e.clientY - box.top });
  }

  // Only marks are edited and dragged.
  /** @param {Hit} hit */
  function markOf(hit) {
    return /** @type {Mark} */ (hit.event);
  }

  // What a place on the canvas means on the page that is shown.
  /** @param {Viewer} v @param {{ x: number, y: number }} given */
  function placeAt(v, { x, y }) {
    const time_s = Geometry.timeAt(v.geometry, v.view, Math.max(x, v.geometry.left));
    return { x, y, time_s: Math.min(Math.max(time_s, 0), v.info ? v.info.duration_s : 0) };
  }

  /** @param {Viewer} v @param {Place} at */
  function look(v, at) {
    if (!v.info) return;
    const g = v.geometry;
    const index = Geometry.rowAt(g, at.y);
    const number = v.shown()[index];
    const isOnRows = at.y >= g.top && at.y <= g.bottom && index >= 0;
    const hit = DrawLanes.hit(v, at.x, at.y);
    const previous = v.pointer && v.pointer.row;
    const row = isOnRows ? number : null;
    v.pointer = { ...at, row, hit, value: row === null ? null : v.valueAt(row, at.time_s) };
    v.overlay.style.cursor = cursor(v, at, hit);
    if (previous !== row) v.drawLabels();
    v.drawOverlay();
    v.showReadout();
  }

  /** @param {Viewer} v @param {Place} at @param {Hit | null} hit */
  function cursor(v, at, hit) {
    if (at.x < v.geometry.left) return "default";
    if (hit && hit.lane === "marks") return hit.part === "whole" ? "grab" : "ew-resize";
    if (hit) return "pointer";
    return CURSORS[v.mode];
  }

  // With Shift a measurement adds to the one before, and a mark is one of the trace alone.
  /** @param {Viewer} v @param {Place} at @param {boolean} hasShift @returns {Drag} */
  function beginDrag(v, at, hasShift) {
    const before_s = (hasShift && v.measurement?.sum_s) || 0;
    v.measurement = null;
    const hit = DrawLanes.hit(v, at.x, at.y);
    if (hit && hit.lane === "marks") return { kind: "event", at, hit };
    const index = Geometry.rowAt(v.geometry, at.y);
    return { kind: v.mode, at, hit, view: v.view, row: v.shown()[index], hasShift, before_s };
  }

  /** @param {Viewer} v @param {Drag} drag @param {Place} at */
  function continueDrag(v, drag, at) {
    if (drag.kind === "event") {
      const moved = Marks.drag(markOf(drag.hit), drag.hit.part, at.time_s - drag.at.time_s, v.info.duration_s);
      v.selection = { from_s: moved.onset_s, to_s: moved.onset_s + moved.duration_s, kind: "mark" };
    } else if (drag.kind === "move") {
      v.overlay.style.cursor = "grabbing";
      const seconds = ((drag.at.x - at.x) / v.geometry.plotWidth) * drag.view.length_s;
      v.look(View.moveBy(drag.view, seconds, v.info.duration_s));
      return;
    } else if (drag.kind === "measure") {
      v.measurement = measure(v, drag.row, drag.at.time_s, at.time_s, drag.before_s);
    } else {
      v.selection = { from_s: drag.at.time_s, to_s: at.time_s, kind: drag.kind };
    }
    v.pointer = null;
    v.drawOverlay();
  }

  /** @param {Viewer} v @param {Drag} drag @param {Place} at */
  function endDrag(v, drag, at) {
    v.selection = null;
    const isClick = Math.abs(at.x - drag.at.x) < LEAST_DRAG_PX;
    const from_s = Math.min(drag.at.time_s, at.time_s);
    const to_s = Math.max(drag.at.time_s, at.time_s);
    if (drag.kind === "event") {
      if (isClick) v.edit(markOf(drag.hit));
      else {
        const moved = Marks.drag(markOf(drag.hit), drag.hit.part, at.time_s - drag.at.time_s, v.info.duration_s);
        v.change(Marks.put(v.state(), moved), texts.t("said.shifted"));
      }
    } else if (isClick && drag.hit) {
      if (drag.hit.lane === "predictions") v.choosePrediction(drag.hit.index);
      else v.showEvent(drag.hit.event);
    } else if (!isClick && drag.kind === "mark") {
      v.newMark(from_s, to_s, drag.hasShift ? [v.rows[drag.row].label] : []);
    } else if (!isClick && drag.kind === "zoom") {
      v.look(View.clamp({ start_s: from_s, length_s: to_s - from_s }, v.info.duration_s));
    }
    look(v, at);
    Spectrum.follow(v);
  }

  // What a pair of calipers says about one trace; `before_s` was measured before it.
  /**
   * @param {Viewer} v
   * @param {number} row
   * @param {number} first_s
   * @param {number} second_s
   * @param {number} [before_s]
   * @returns {Caliper}
   */
  function measure(v, row, first_s, second_s, before_s = 0) {
    const from_s = Math.min(first_s, second_s);
    const to_s = Math.max(first_s, second_s);
    const parts = v.partsOf(row);
    const range = Signals.extremes(parts, from_s, to_s);
    const seconds = to_s - from_s;
    const unit = v.rows[row].unit === "uV" ? "\u00b5V" : v.rows[row].unit;
    const lines = [`${v.rows[row].label}   \u0394t ${Times.duration(seconds)}`];
    if (seconds > 0) lines[0] += `  (${texts.number(1 / seconds, seconds < 1 ? 1 : 2)} Hz)`;
    if (range) lines.push(texts.t("measure.peak", { value: digits(range.high - range.low), unit }));
    const cycles = Signals.cycles(parts, from_s, to_s);
    if (cycles) {
      lines.push(texts.t(cycles.n === 1 ? "measure.cycle" : "measure.cycles", {
        n: cycles.n, period: Times.duration(cycles.period_s), hz: digits(1 / cycles.period_s),
        value: digits(cycles.amplitude), unit,
      }));
    }
    const sum_s = before_s + seconds;
    if (before_s) lines.push(texts.t("measure.sum", { sum: Times.duration(sum_s) }));
    return { row, from_s, to_s, range, lines, cycles, sum_s };
  }

  /** @param {number} value */
  function digits(value) {
    return texts.short(+value.toPrecision(3));
  }

  // With Ctrl the wheel zooms in time, with Alt it changes the sensitivity, with Shift or
  // sideways it moves along. Alone it scrolls the page, as everywhere else.
  /** @param {Viewer} v @param {WheelEvent} e */
  function wheel(v, e) {
    if (!v.info) return;
    const turned = Math.abs(e.deltaX) > Math.abs(e.deltaY) ? e.deltaX : e.shiftKey ? e.deltaY : 0;
    if (e.ctrlKey || e.metaKey) {
      const at = place(v, e);
      const length_s = v.view.length_s * 1.2 ** Math.sign(e.deltaY);
      v.look(View.withLength(v.view, length_s, v.info.duration_s, at.time_s));
    } else if (e.altKey) {
      v.stepSensitivity(Math.sign(e.deltaY));
    } else if (turned) {
      v.look(View.moveBy(v.view, (turned / v.geometry.plotWidth) * v.view.length_s, v.info.duration_s));
    } else {
      return;
    }
    e.preventDefault();
  }

  return { attach, measure, placeAt, look };
})();
