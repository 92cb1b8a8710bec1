// The strip that shows the whole recording: strength of the EEG, probability, events, the page.
const Overview = (() => {
  const SEEN = 4; // high
  /** @type {WeakMap<Viewer, { of: unknown[], canvas: HTMLCanvasElement }>} */
  const recordings = new WeakMap();

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} height */
  function draw(c, v, width, height) {
    c.clearRect(0, 0, width, height);
    c.drawImage(drawnRecording(c, v, width, height), 0, 0, width, height);
    seen(c, v, width);
    page(c, v, width, height);
    if (v.overview && v.overview.fraction < 1) progress(c, v, width, height);
  }

  // The recording without what changes from page to page, drawn once.
  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} height */
  function drawnRecording(c, v, width, height) {
    const { width: wide, height: high } = c.canvas;
    const of = [v.info, v.info.predictions, v.overview, v.state(), v.colours, wide, high];
    const known = recordings.get(v);
    if (known && of.every((one, i) => one === known.of[i])) return known.canvas;
    const canvas = known?.canvas ?? Dom.el("canvas");
    Object.assign(canvas, { width: wide, height: high });
    const drawn = canvas.getContext("2d");
    drawn.scale(wide / width, high / height);
    recording(drawn, v, width, height);
    recordings.set(v, { of, canvas });
    return canvas;
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} height */
  function recording(c, v, width, height) {
    const top = SEEN + 1;
    const lanes = Geometry.lanesOf(v.info);
    const laneHeight = 5;
    const base = height - lanes.length * (laneHeight + 1) - 2;
    activity(c, v, width, top, base);
    probability(c, v, width, top, base);
    gaps(c, v, width, base);
    joins(c, v, width, base);
    lanes.forEach((lane, i) => events(c, v, lane, width, base + 2 + i * (laneHeight + 1), laneHeight));
    c.fillStyle = v.colours["grid-strong"];
    c.fillRect(0, base, width, 1);
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {number} width
   * @param {number} top
   * @param {number} base
   */
  function activity(c, v, width, top, base) {
    const o = v.overview;
    if (!o) return;
    const known = Array.from(o.activity).filter((value) => value > 0).sort((a, b) => a - b);
    const full = known.length ? known[Math.floor(0.99 * (known.length - 1))] * 1.15 : 1;
    c.fillStyle = v.colours.faint;
    c.globalAlpha = 0.55;
    const step = width / o.activity.length;
    o.activity.forEach((value, i) => {
      const high = (Math.min(Math.max(value, 0), full) / full) * (base - top);
      c.fillRect(i * step, base - high, step + 0.3, high);
    });
    c.globalAlpha = 1;
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {number} width
   * @param {number} top
   * @param {number} base
   */
  function probability(c, v, width, top, base) {
    const values = v.overview && v.overview.probability;
    if (!values) return;
    c.strokeStyle = v.colours.predictions;
    c.lineWidth = 1.5;
    c.beginPath();
    values.forEach((value, i) => {
      if (value === Signals.NO_SIGNAL) return;
      const y = base - (value / 10000) * (base - top);
      c.lineTo(((i + 0.5) * width) / values.length, y);
    });
    c.stroke();
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} base */
  function gaps(c, v, width, base) {
    c.fillStyle = v.colours.gap;
    for (const gap of v.info.gaps) {
      const from = (gap.start_s / v.info.duration_s) * width;
      c.fillRect(from, 0, Math.max(((gap.stop_s - gap.start_s) / v.info.duration_s) * width, 1), base);
    }
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} base */
  function joins(c, v, width, base) {
    c.fillStyle = v.colours.accent;
    for (const join of v.info.joins.slice(1)) {
      c.fillRect((join.at_s / v.info.duration_s) * width, 0, 1, base);
    }
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {string} lane
   * @param {number} width
   * @param {number} y
   * @param {number} height
   */
  function events(c, v, lane, width, y, height) {
    c.fillStyle = v.colours[lane];
    let reach = -1; // of ten thousand marks on one pixel, one is drawn
    DrawLanes.eventsOf(v, lane).forEach((event, i) => {
      const rejected = lane === "predictions" && v.state().decisions[i] === "rejected";
      c.globalAlpha = rejected ? 0.25 : lane === "annotations" ? 0.55 : 1;
      const from = (event.onset_s / v.info.duration_s) * width;
      const wide = Math.max((event.duration_s / v.info.duration_s) * width, 2);
      if (lane === "marks" && from + wide < reach + 0.5) return;
      c.fillRect(from, y, wide, height);
      reach = from + wide;
    });
    c.globalAlpha = 1;
  }

  // A line along the top, under what was on the screen already.
  /** @param {Canvas2D} c @param {Viewer} v @param {number} width */
  function seen(c, v, width) {
    c.fillStyle = v.colours.grid;
    c.fillRect(0, 0, width, SEEN);
    c.fillStyle = v.colours.accent;
    const scale = width / v.info.duration_s;
    for (const [from, to] of v.seen) c.fillRect(from * scale, 0, Math.max((to - from) * scale, 1), SEEN);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} height */
  function page(c, v, width, height) {
    const from = (v.view.start_s / v.info.duration_s) * width;
    const wide = Math.max((v.view.length_s / v.info.duration_s) * width, 3);
    c.fillStyle = v.colours.accent;
    c.globalAlpha = 0.16;
    c.fillRect(from, 0, wide, height);
    c.globalAlpha = 1;
    c.strokeStyle = v.colours.accent;
    c.lineWidth = 1.5;
    c.strokeRect(Math.max(from, 1), 1, Math.min(wide, width - 2), height - 2);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} height */
  function progress(c, v, width, height) {
    c.font = `11px ${v.colours.font}`;
    c.fillStyle = v.colours.ink;
    c.textAlign = "right";
    c.textBaseline = "top";
    const percent = Math.floor(100 * v.overview.fraction);
    c.fillText(texts.t("overview.building", { percent }), width - 6, 4);
    c.fillStyle = v.colours.accent;
    c.fillRect(0, height - 2, width * v.overview.fraction, 2);
  }

  return { draw };
})();
