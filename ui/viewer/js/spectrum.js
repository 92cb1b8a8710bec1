// The power spectrum of the measured stretch, or of the page: a small pane over the EEG.
const Spectrum = (() => {
  const { el } = Dom;
  const TOP_HZ = 70;
  const DECADES = 5;
  const WAIT_MS = 150; // until the page stands still
  const ROOM = { left: 48, right: 10, top: 18, bottom: 32 };
  /** @type {[string, number, number][]} */
  const BANDS = [["\u03b4", 0.5, 4], ["\u03b8", 4, 8], ["\u03b1", 8, 13], ["\u03b2", 13, 30], ["\u03b3", 30, 45]];

  /** @param {Viewer} v */
  function build(v) {
    const canvas = el("canvas", { class: "szv-spectrum-canvas", role: "img", "aria-label": texts.t("spectrum.title") });
    const title = el("b");
    const words = el("p", { class: "szv-small" });
    const element = el("section", { class: "szv-spectrum", hidden: true, "aria-label": texts.t("spectrum.title") },
      el("div", { class: "szv-heading" }, title, Dom.button("no", "spectrum.close", () => toggle(v))),
      canvas, words);
    canvas.addEventListener("pointermove", (e) => {
      const box = canvas.getBoundingClientRect();
      say(v, hzAt(v, box.width, e.clientX - box.left));
    });
    canvas.addEventListener("pointerleave", () => say(v, null));
    return { element, canvas, title, words };
  }

  /** @param {Viewer} v */
  function toggle(v) {
    const { element } = v.spectrumPane;
    element.hidden = !element.hidden;
    if (element.hidden) v.overlay.focus({ preventScroll: true });
    Toolbar.update(v.bar, v);
    follow(v);
  }

  // Asks for the spectra of what is looked at now, once it stands still.
  /** @param {Viewer} v */
  function follow(v) {
    if (v.spectrumPane.element.hidden || !v.info) return;
    const request = requestOf(v);
    const wanted = JSON.stringify([v.handle, request, v.info.bad]);
    if (wanted === v.spectrumWanted) {
      draw(v);
      return;
    }
    v.spectrumWanted = wanted;
    clearTimeout(v.spectrumTimer);
    v.spectrumTimer = setTimeout(() => ask(v, wanted, request), WAIT_MS);
  }

  // One voltage of a measured ECG or the like stands alone; else all EEG that is shown.
  /** @param {Viewer} v */
  function requestOf(v) {
    const { measurement: m, montage, filters } = v;
    const isMeasured = m !== null && m.to_s > m.from_s
      && View.holds(v.view, { onset_s: m.from_s, duration_s: m.to_s - m.from_s });
    const eeg = v.shown().filter((number) => v.isEeg(number)).sort((a, b) => a - b);
    const rows = isMeasured && !v.isEeg(m.row) ? [m.row] : eeg;
    const start_s = isMeasured ? m.from_s : v.view.start_s;
    const length_s = isMeasured ? m.to_s - m.from_s : v.view.length_s;
    return { montage, rows, filters, start_s, length_s: Math.min(length_s, v.info.duration_s - start_s) };
  }

  /** @param {Viewer} v @param {string} wanted @param {ReturnType<typeof requestOf>} request */
  async function ask(v, wanted, request) {
    const answer = await v.server.viewer_spectrum({ handle: v.handle, ...request })
      .catch(() => /** @type {null} */ (null));
    if (wanted !== v.spectrumWanted) return;
    const { title, words } = v.spectrumPane;
    v.spectrum = answer && !answer.error ? unpack(v, answer) : null;
    const until_s = request.start_s + request.length_s;
    title.textContent = texts.t("spectrum.of", {
      from: Times.format(request.start_s, 1), to: Times.format(until_s, 1),
    });
    words.textContent = !answer ? texts.t("error.lost") : answer.error ?? texts.t("spectrum.none");
    draw(v);
  }

  // The spectra, and the one that is drawn strongest: of the measured trace, else their mean.
  /** @param {Viewer} v @param {Answers["viewer_spectrum"]} answer @returns {Spectra | null} */
  function unpack(v, answer) {
    /** @param {number} value */
    const linear = (value) => (value === Signals.NO_SIGNAL ? NaN : 10 ** (value / 1000));
    const rows = answer.spectra
      .map((one) => ({ ...one, density: Array.from(Signals.decode(one.density), linear) }))
      .filter(({ density }) => density.some((value) => value > 0));
    if (!rows.length) return null;
    const [first] = rows;
    const measured = v.measurement && rows.find(({ row }) => row === v.measurement.row);
    const alike = rows.filter((one) =>
      one.step_hz === first.step_hz && one.density.length === first.density.length);
    const mean = first.density.map((_value, i) =>
      alike.reduce((sum, one) => sum + one.density[i], 0) / alike.length);
    const main = measured ?? { ...first, density: mean };
    const label = measured ? v.rows[measured.row].label : texts.t("spectrum.mean", { n: alike.length });
    return { rows, main, label, top_hz: Math.min(TOP_HZ, main.step_hz * (main.density.length - 1)) };
  }

  /** @param {SpectrumRow} spectrum @param {number} hz */
  function densityAt({ step_hz, density }, hz) {
    return density[Math.round(hz / step_hz)];
  }

  // Each band's share of the power of all bands.
  /** @param {SpectrumRow} spectrum */
  function bandShares({ step_hz, density }) {
    const powers = BANDS.map(([, low, high]) => density.reduce((sum, value, i) =>
      (i * step_hz >= low - 1e-9 && i * step_hz < high - 1e-9 ? sum + value : sum), 0));
    const all = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / all);
  }

  /** @param {Viewer} v @param {number | null} hz */
  function say(v, hz) {
    if (!v.spectrum) return;
    const { main, label } = v.spectrum;
    const unit = unitOf(v);
    const words = hz === null
      ? bandShares(main).map((share, i) => `${BANDS[i][0]} ${texts.number(100 * share)} %`).join("  ")
      : `${texts.number(hz, 2)} Hz \u00b7 ${texts.short(+densityAt(main, hz).toPrecision(3))} ${unit}`;
    v.spectrumPane.words.textContent = `${label} \u00b7 ${words}`;
  }

  /** @param {Viewer} v */
  function unitOf(v) {
    const { unit } = v.rows[v.spectrum.main.row];
    return `${unit === "uV" ? "\u00b5V" : unit}\u00b2/Hz`;
  }

  /** @param {Viewer} v @param {number} width @param {number} x */
  function hzAt(v, width, x) {
    if (!v.spectrum) return null;
    const { main, top_hz } = v.spectrum;
    const share = Math.min(Math.max((x - ROOM.left) / (width - ROOM.left - ROOM.right), 0), 1);
    return Math.round((share * top_hz) / main.step_hz) * main.step_hz;
  }

  /** @param {Viewer} v */
  function draw(v) {
    const { canvas } = v.spectrumPane;
    const { clientWidth: width, clientHeight: height } = canvas;
    const c = v.renderer.context(canvas, width, height, false);
    c.clearRect(0, 0, width, height);
    if (!v.spectrum) return;
    const { rows, main, top_hz } = v.spectrum;
    const inner = { width: width - ROOM.left - ROOM.right, height: height - ROOM.top - ROOM.bottom };
    const known = rows.flatMap(({ density, step_hz }) =>
      density.filter((value, i) => value > 0 && i * step_hz >= BANDS[0][1] && i * step_hz <= top_hz));
    const top = Math.ceil(Math.log10(known.reduce((a, b) => Math.max(a, b))));
    const lowest = Math.floor(Math.log10(known.reduce((a, b) => Math.min(a, b))));
    const bottom = Math.min(Math.max(lowest, top - DECADES), top - 1);
    const scale = {
      top, bottom,
      /** @param {number} hz */
      x: (hz) => ROOM.left + (hz / top_hz) * inner.width,
      /** @param {number} value */
      y: (value) => ROOM.top + Math.min((top - Math.log10(value)) / (top - bottom), 1) * inner.height,
    };
    grid(c, v, scale, inner);
    for (const one of rows) line(c, one, scale, top_hz, v.colours[v.rows[one.row].side], 1, 0.35);
    line(c, main, scale, top_hz, v.colours.ink, 2, 1);
    say(v, null);
    canvas.setAttribute("aria-label", `${texts.t("spectrum.title")}: ${v.spectrumPane.words.textContent}`);
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {SpectrumScale} scale
   * @param {{ width: number, height: number }} inner
   */
  function grid(c, v, scale, inner) {
    const bottom = ROOM.top + inner.height;
    c.font = `11px ${v.colours.font}`;
    c.textBaseline = "middle";
    c.textAlign = "right";
    for (let power = scale.bottom; power <= scale.top; power += 1) {
      c.fillStyle = v.colours["grid-strong"];
      c.fillRect(ROOM.left, scale.y(10 ** power), inner.width, 1);
      c.fillStyle = v.colours.faint;
      c.fillText(texts.short(10 ** power), ROOM.left - 5, scale.y(10 ** power));
    }
    c.textAlign = "center";
    for (let hz = 0; hz <= v.spectrum.top_hz; hz += 10) {
      c.fillText(String(hz), scale.x(hz), bottom + 9);
    }
    c.fillText("Hz", ROOM.left + inner.width / 2, bottom + 23);
    c.textAlign = "left";
    c.fillText(unitOf(v), 2, 7);
    c.textAlign = "center";
    for (const [name, low, high] of BANDS) {
      if (high > v.spectrum.top_hz) continue;
      c.fillText(name, (scale.x(low) + scale.x(high)) / 2, 7);
      c.globalAlpha = 0.4;
      c.fillRect(scale.x(high), ROOM.top - 4, 0.5, inner.height + 4);
      c.globalAlpha = 1;
    }
  }

  /**
   * @param {Canvas2D} c
   * @param {SpectrumRow} spectrum
   * @param {SpectrumScale} scale
   * @param {number} top_hz
   * @param {string} ink
   * @param {number} width
   * @param {number} alpha
   */
  function line(c, { step_hz, density }, scale, top_hz, ink, width, alpha) {
    c.strokeStyle = ink;
    c.lineWidth = width;
    c.globalAlpha = alpha;
    c.beginPath();
    density.forEach((value, i) => {
      if (i > 0 && i * step_hz <= top_hz && value > 0) c.lineTo(scale.x(i * step_hz), scale.y(value));
    });
    c.stroke();
    c.globalAlpha = 1;
  }

  return { build, toggle, follow, bandShares };
})();
