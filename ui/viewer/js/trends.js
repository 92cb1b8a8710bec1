// Trends of the night under one time axis with the EEG; a click shows the EEG of that moment.
const Trends = (() => {
  const { el } = Dom;
  const HEIGHTS = {
    left: 46, right: 46, amplitude: 44, rhythmicity: 34, asymmetry: 34, suppression: 26, probability: 26, burden: 36,
  };
  const GAP = 3;
  const SHARE = 10000;
  const LOWEST_DB = -5;
  const HIGHEST_DB = 30;
  const AMPLITUDE_TOP_UV = 250;
  const BURDEN_LINE_S = 720;
  const HOUR_S = 3600;
  // From dark to light through blue, green and yellow: an even rise in lightness.
  const STOPS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

  /** @param {Viewer} v */
  function build(v) {
    const canvas = el("canvas", { class: "szv-trends-canvas", role: "img", "aria-label": texts.t("trends.help") });
    const element = el("div", { class: "szv-trends", hidden: true }, canvas);
    canvas.addEventListener("click", (e) => {
      const box = canvas.getBoundingClientRect();
      const time_s = ((e.clientX - box.left) / box.width) * v.info.duration_s;
      v.look(View.clamp({ ...v.view, start_s: time_s - v.view.length_s / 2 }, v.info.duration_s));
    });
    return { element, canvas };
  }

  /** @param {Viewer} v */
  function toggle(v) {
    v.set({ trends: !v.settings.trends });
    watch(v);
  }

  // Fetches the trends where they are shown; the server makes them when they are first asked for.
  /** @param {Viewer} v */
  async function watch(v) {
    const { handle } = v;
    while (v.settings.trends && !v.trends && v.info) {
      const columns = Math.max(50, Math.min(2000, Math.round(v.strip.clientWidth)));
      const answer = await v.ask("viewer_trends", { columns });
      if (!answer || handle !== v.handle) return;
      v.trendFraction = answer.fraction;
      if (answer.fraction >= 1) v.trends = unpack(answer);
      v.draw();
      if (!v.trends) await new Promise((resolve) => setTimeout(resolve, 400));
    }
  }

  /** @param {TrendsAnswer} answer @returns {TrendLanes} */
  function unpack(answer) {
    /** @param {TrendSide<string>} side */
    const decoded = (side) => ({
      amplitude: Signals.decode(side.amplitude), spectrum: Signals.decode(side.spectrum),
      rhythmicity: Signals.decode(side.rhythmicity), suppression: Signals.decode(side.suppression),
    });
    const { left, right } = answer.sides;
    const sides = { left: decoded(left), right: decoded(right) };
    return { ...answer, sides, asymmetry: Signals.decode(answer.asymmetry), images: {} };
  }

  function height() {
    return Object.values(HEIGHTS).reduce((sum, one) => sum + one + GAP, 18);
  }

  // Seconds of seizure in each hour, by what is left after the review.
  /** @param {Viewer} v */
  function burden(v) {
    const hours = new Array(Math.max(Math.ceil(v.info.duration_s / HOUR_S), 1)).fill(0);
    let end = 0;
    for (const { onset_s, duration_s } of seizures(v)) {
      const from = Math.max(onset_s, end);
      end = Math.max(end, Math.min(onset_s + duration_s, v.info.duration_s));
      for (let hour = Math.floor(from / HOUR_S); hour < hours.length && hour * HOUR_S < end; hour += 1) {
        hours[hour] += Math.max(Math.min(end, (hour + 1) * HOUR_S) - Math.max(from, hour * HOUR_S), 0);
      }
    }
    return hours;
  }

  /** @param {Viewer} v */
  function seizures(v) {
    const { marks, decisions } = v.state();
    const undecided = v.info.predictions.map((event, i) => v.candidate(event, i))
      .filter((_event, i) => !decisions[i]);
    return [...undecided, ...marks].filter(({ kind }) => kind === "sz" || kind.startsWith("sz_"))
      .sort((a, b) => a.onset_s - b.onset_s);
  }

  /** @param {Viewer} v */
  function draw(v) {
    const { canvas, element } = v.trendPane;
    element.hidden = !v.settings.trends;
    if (element.hidden || !v.info || !canvas.clientWidth) return;
    const width = canvas.clientWidth;
    const c = v.renderer.context(canvas, width, height(), false);
    c.clearRect(0, 0, width, height());
    let y = 0;
    for (const [lane, high] of Object.entries(HEIGHTS)) {
      LANES[lane](c, v, { x: 0, y, width, height: high });
      label(c, v, lane, y);
      c.fillStyle = v.colours["grid-strong"];
      c.fillRect(0, y + high + 1, width, 1);
      y += high + GAP;
    }
    axis(c, v, width, y);
    page(c, v, width, y);
  }

  /** @typedef {{ x: number, y: number, width: number, height: number }} Box */
  /** @type {Record<string, (c: Canvas2D, v: Viewer, box: Box) => void>} */
  const LANES = {
    left: (c, v, box) => spectrum(c, v, box, "left"),
    right: (c, v, box) => spectrum(c, v, box, "right"),
    amplitude: (c, v, box) => ["left", "right"].forEach((side) => amplitude(c, v, box, side)),
    rhythmicity: (c, v, box) => ["left", "right"].forEach((side) =>
      line(c, box, v.trends?.sides[side].rhythmicity, v.colours[side], 0)),
    asymmetry: (c, v, box) => {
      c.fillStyle = v.colours.grid;
      c.fillRect(0, box.y + box.height / 2, box.width, 1);
      line(c, box, v.trends?.asymmetry, v.colours.ink, -1);
    },
    suppression: (c, v, box) => ["left", "right"].forEach((side) =>
      line(c, box, v.trends?.sides[side].suppression, v.colours[side], 0)),
    probability: (c, v, box) => line(c, box, v.overview?.probability, v.colours.predictions, 0),
    burden: (c, v, box) => {
      const scale = box.height / Math.max(2 * BURDEN_LINE_S, ...burden(v));
      burden(v).forEach((seconds, hour) => {
        const from = ((hour * HOUR_S) / v.info.duration_s) * box.width;
        const to = Math.min((((hour + 1) * HOUR_S) / v.info.duration_s), 1) * box.width;
        c.fillStyle = seconds > BURDEN_LINE_S ? v.colours.predictions : v.colours.faint;
        c.fillRect(from + 0.5, box.y + box.height - seconds * scale, Math.max(to - from - 1, 1), seconds * scale);
      });
      c.fillStyle = v.colours.predictions;
      c.fillRect(0, box.y + box.height - BURDEN_LINE_S * scale, box.width, 1);
    },
  };

  // The spectra of both sides, low frequencies in the middle between them.
  /** @param {Canvas2D} c @param {Viewer} v @param {Box} box @param {string} side */
  function spectrum(c, v, box, side) {
    if (!v.trends) return;
    v.trends.images[side] ??= image(v.trends, side);
    c.imageSmoothingEnabled = false;
    c.drawImage(v.trends.images[side], 0, box.y, box.width, box.height);
  }

  /** @param {TrendLanes} trends @param {string} side */
  function image(trends, side) {
    const { n, n_frequencies: high } = trends;
    const values = trends.sides[side].spectrum;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: n, height: high });
    const c = canvas.getContext("2d");
    const pixels = c.createImageData(n, high);
    for (let row = 0; row < high; row += 1) {
      const y = side === "left" ? high - 1 - row : row;
      for (let x = 0; x < n; x += 1) {
        const value = values[row * n + x];
        if (value !== Signals.NO_SIGNAL) pixels.data.set(colour(value / 100), 4 * (y * n + x));
      }
    }
    c.putImageData(pixels, 0, 0);
    return canvas;
  }

  /** @param {number} decibel */
  function colour(decibel) {
    const share = Math.min(Math.max((decibel - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB), 0), 1);
    const place = share * (STOPS.length - 1);
    const i = Math.min(Math.floor(place), STOPS.length - 2);
    return [...STOPS[i].map((from, k) => from + (place - i) * (STOPS[i + 1][k] - from)), 255];
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {Box} box @param {string} side */
  function amplitude(c, v, box, side) {
    if (!v.trends) return;
    const { n } = v.trends;
    const values = v.trends.sides[side].amplitude;
    // Linear up to 10 uV, logarithmic above, as on monitors.
    /** @param {number} tenths */
    const yOf = (tenths) => {
      const uv = tenths / 10;
      const share = uv <= 10 ? (0.4 * uv) / 10 : 0.4 + (0.6 * Math.log10(uv / 10)) / Math.log10(AMPLITUDE_TOP_UV / 10);
      return box.y + box.height * (1 - Math.min(share, 1));
    };
    c.fillStyle = v.colours[side];
    c.globalAlpha = 0.4;
    for (let i = 0; i < n; i += 1) {
      if (values[i] === Signals.NO_SIGNAL) continue;
      const top = yOf(values[2 * n + i]);
      c.fillRect((i * box.width) / n, top, box.width / n + 0.3, Math.max(yOf(values[i]) - top, 1));
    }
    c.globalAlpha = 1;
  }

  /**
   * @param {Canvas2D} c
   * @param {Box} box
   * @param {Int16Array | null | undefined} values
   * @param {string} ink
   * @param {number} lowest the share at the lower edge
   */
  function line(c, box, values, ink, lowest) {
    if (!values) return;
    c.strokeStyle = ink;
    c.lineWidth = 1;
    c.beginPath();
    let isDown = false;
    values.forEach((value, i) => {
      if (value === Signals.NO_SIGNAL) {
        isDown = false;
        return;
      }
      const x = ((i + 0.5) * box.width) / values.length;
      const y = box.y + box.height * (1 - (value / SHARE - lowest) / (1 - lowest));
      if (isDown) c.lineTo(x, y);
      else c.moveTo(x, y);
      isDown = true;
    });
    c.stroke();
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {string} lane @param {number} y */
  function label(c, v, lane, y) {
    const words = texts.t(`trends.${lane}`);
    c.font = `11px ${v.colours.font}`;
    c.textAlign = "left";
    c.textBaseline = "top";
    c.fillStyle = v.colours.paper;
    c.globalAlpha = 0.8;
    c.fillRect(2, y + 1, c.measureText(words).width + 6, 14);
    c.globalAlpha = 1;
    c.fillStyle = v.colours.ink;
    c.fillText(words, 5, y + 2);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} y */
  function axis(c, v, width, y) {
    c.fillStyle = v.colours.faint;
    c.textBaseline = "top";
    const steps = [60, 300, 600, 1800, 3600, 7200, 14400, 43200];
    const step = steps.find((one) => (one / v.info.duration_s) * width > 70) ?? 86400;
    for (let time_s = step; time_s < v.info.duration_s; time_s += step) {
      const x = (time_s / v.info.duration_s) * width;
      c.fillRect(x, 0, 0.5, y);
      c.textAlign = "center";
      c.fillText(v.clockStart === null ? Times.format(time_s) : Times.clock(time_s, v.clockStart), x, y + 2);
    }
    if (v.trends) return;
    c.textAlign = "right";
    c.fillText(texts.t("trends.making", { percent: Math.floor(100 * v.trendFraction) }), width - 6, y + 2);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} width @param {number} bottom */
  function page(c, v, width, bottom) {
    const from = (v.view.start_s / v.info.duration_s) * width;
    const wide = Math.max((v.view.length_s / v.info.duration_s) * width, 2);
    c.fillStyle = v.colours.accent;
    c.globalAlpha = 0.3;
    c.fillRect(from, 0, wide, bottom);
    c.globalAlpha = 1;
  }

  return { build, toggle, watch, draw, burden };
})();
