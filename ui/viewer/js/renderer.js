// Brings the state to the screen, once a frame, and has the pages it needs fetched.
/** @type {Filters} */
const NO_FILTERS = { high_pass_hz: null, low_pass_hz: null, notch_hz: null };

class Renderer {
  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.v = viewer;
    this.isScheduled = false;
    this.isStale = false; // bars and lists show an older state
    /** @type {string | undefined} */ this.choices = undefined;
    this.resize = new ResizeObserver(() => this.onResize());
    this.resize.observe(viewer.stage);
    this.theme = new MutationObserver(() => this.onTheme());
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    this.onResize();
  }

  // What the theme or the size decides is read again when they change.
  onTheme() {
    this.v.colours = Palette.read(this.v.body);
    this.schedule();
  }

  onResize() {
    const { stage } = this.v;
    this.width = stage.clientWidth;
    this.height = stage.clientHeight;
    this.v.colours = Palette.read(this.v.body);
    if (this.v.speed && this.v.info) this.v.chooseLength(`speed:${this.v.speed}`);
    this.refineOverview();
    this.schedule();
  }

  // What was fetched for a small screen, or in a tab not yet seen, is fetched again.
  refineOverview() {
    const { overview, strip } = this.v;
    if (overview && overview.fraction >= 1 && overview.activity.length < strip.clientWidth / 1.5) {
      this.v.watchOverview();
    }
  }

  schedule() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.draw();
    });
  }

  // Shows the state in bars and lists, too: once, however much of it one key or click changes.
  refresh() {
    this.schedule();
    if (this.isStale) return;
    this.isStale = true;
    setTimeout(() => this.update());
  }

  update() {
    const { v } = this;
    this.isStale = false;
    v.body.classList.toggle("szv-no-panel", !v.settings.panel);
    if (!v.info) return;
    Toolbar.update(v.bar, v);
    if (v.settings.panel) Frame.update(v);
  }

  columns() {
    const ratio = window.devicePixelRatio || 1;
    return Math.max(1, Math.min(4096, Math.round(this.v.geometry.plotWidth * ratio)));
  }

  // Everything a page depends on but its number.
  family(filters = this.v.filters) {
    const { v } = this;
    const rows = [...v.shown()].sort((a, b) => a - b);
    const words = Object.values(filters).join(",");
    const { length_s } = v.view;
    return { rows, key: [v.montage, rows.join("."), words, length_s, this.columns()].join("|") };
  }

  /** @param {Filters} filters */
  pagesOf(filters) {
    const { v } = this;
    const { key } = this.family(filters);
    return View.tiles(v.view, v.info.duration_s)
      .map((number) => v.cache.pages.get(`${key}|${number}`)).filter(Boolean);
  }

  visiblePages() {
    const pages = this.pagesOf(this.v.filters);
    // Until the right pages are here, those of another zoom show where one is.
    return pages.length ? pages : this.v.lastPages;
  }

  // The unfiltered EEG is drawn as well where it differs and is wished for.
  rawPages() {
    return this.showsRaw() ? this.pagesOf(NO_FILTERS) : [];
  }

  showsRaw() {
    const { settings, filters } = this.v;
    return (settings.raw || settings.rawBelow) && Object.values(filters).some((hz) => hz !== null);
  }

  fetch() {
    const { v } = this;
    const { rows } = this.family();
    if (!rows.length) return;
    const tiles = View.tiles(v.view, v.info.duration_s);
    /** @param {number[]} numbers */
    const pages = (numbers) => [v.filters, ...(this.showsRaw() ? [NO_FILTERS] : [])].flatMap((filters) =>
      numbers.map((number) => ({ number, filters, name: `${this.family(filters).key}|${number}` })));
    /** @param {ReturnType<typeof pages>[number]} page */
    const want = ({ number, filters, name }) => v.cache.want(
      name, this.pageRequest(v.handle, rows, number, v.view.length_s, filters));
    const missing = pages(tiles).filter(({ name }) => !v.cache.get(name));
    if (missing.length) {
      missing.forEach(want);
      return;
    }
    v.lastPages = this.visiblePages();
    const growing = pages(tiles).filter(({ name }) => v.cache.get(name).fraction < 1);
    if (growing.length) {
      clearTimeout(this.later);
      this.later = setTimeout(() => v.info && growing.forEach(want), 500);
      return;
    }
    const end = Math.ceil(v.info.duration_s / v.view.length_s - 1e-9) - 1;
    const neighbours = pages([tiles.at(-1) + 1, tiles[0] - 1].filter((n) => n >= 0 && n <= end));
    if (!v.queue) neighbours.forEach(want);
    else v.queue.onceReady(() => neighbours.forEach(want));
  }

  /**
   * @param {string} handle
   * @param {number[]} rows
   * @param {number} number
   * @param {number} length_s
   */
  pageRequest(handle, rows, number, length_s, filters = this.v.filters) {
    const { montage } = this.v;
    return {
      handle, montage, rows, filters, columns: this.columns(), start_s: number * length_s, length_s,
    };
  }

  // Has the pages around an event fetched, before it is shown.
  /** @param {Timed} event */
  fetchAround(event) {
    const { v } = this;
    const { rows, key } = this.family();
    const view = View.around(v.view, event.onset_s, event.duration_s, v.info.duration_s);
    for (const number of View.tiles(view, v.info.duration_s)) {
      v.cache.want(`${key}|${number}`, this.pageRequest(v.handle, rows, number, view.length_s));
    }
  }

  draw() {
    const { v } = this;
    if (!v.info || !this.width) return;
    const groups = v.shown().map((number) => v.rows[number].group);
    const hasScale = !v.settings.perChannel && v.shown().some((number) => v.isEeg(number));
    const nViews = v.settings.rawBelow && this.showsRaw() ? 2 : 1;
    const height = Math.max(this.height, Geometry.leastHeight(v.info, nViews * groups.length, hasScale));
    v.geometry = Geometry.of(v.info, groups, this.width, height, hasScale, nViews);
    this.fetch();
    this.adapt();
    this.showChoices();
    const c = this.context(v.canvas, this.width, height);
    c.fillStyle = v.colours.paper;
    c.fillRect(0, 0, this.width, height);
    DrawTraces.gaps(c, v);
    const step = DrawTraces.grid(c, v);
    DrawLanes.shades(c, v);
    DrawTraces.traces(c, v);
    DrawTraces.captions(c, v);
    DrawTraces.joins(c, v);
    DrawLanes.lanes(c, v);
    DrawLanes.probability(c, v);
    Threshold.place(v.threshold, v);
    DrawTraces.axis(c, v, step);
    DrawTraces.labels(c, v);
    DrawTraces.calibrationBar(c, v);
    this.context(v.overlay, this.width, height);
    if (v.pointer) Pointer.look(v, Pointer.placeAt(v, v.pointer)); // the same place on another page
    this.drawOverlay();
    if (this.isWhole()) v.seen = Seen.add(v.seen, v.view);
    this.drawOverview();
    Trends.draw(v);
    Spectrum.follow(v);
    this.showWhere();
    this.showBusy();
    this.markDrawn();
  }

  // Where no sensitivity is chosen, strong pages are drawn smaller.
  adapt() {
    const { v } = this;
    if (v.settings.uvPerMm > 0 || !this.isWhole()) return;
    const end_s = v.view.start_s + v.view.length_s;
    const ranges = v.shown().filter((number) => v.isEeg(number))
      .map((number) => Signals.usualRange(v.partsOf(number), v.view.start_s, end_s))
      .filter((range) => range !== null);
    v.pageUvPerMm = Scale.automatic(v.info.n_channels, ranges, v.settings.pxPerMm);
  }

  // The bars follow what zooming and the screen's size have changed.
  showChoices() {
    const { v } = this;
    const choices = `${v.view.length_s}|${v.uvPerMm()}|${v.settings.uvPerMm}|${v.speed}`;
    if (choices === this.choices) return;
    this.choices = choices;
    Toolbar.update(v.bar, v);
  }

  // Labels alone, when the pointer goes to another row.
  drawLabels() {
    const { v } = this;
    const c = v.canvas.getContext("2d");
    c.fillStyle = v.colours.paper;
    c.fillRect(0, v.geometry.top - 3, v.geometry.left - 1, v.geometry.bottom - v.geometry.top + 3);
    DrawTraces.labels(c, v);
  }

  drawOverlay() {
    if (this.v.info && this.v.geometry) DrawOverlay.draw(this.v.overlay.getContext("2d"), this.v);
  }

  drawOverview() {
    const { v } = this;
    if (!v.info || !v.strip.clientWidth) return;
    const c = this.context(v.strip, v.strip.clientWidth, v.strip.clientHeight, false);
    Overview.draw(c, v, v.strip.clientWidth, v.strip.clientHeight);
    v.strip.setAttribute("aria-valuemax", String(Math.round(v.info.duration_s)));
    v.strip.setAttribute("aria-valuenow", String(Math.round(v.view.start_s)));
    v.strip.setAttribute("aria-valuetext", Times.format(v.view.start_s));
    v.strip.title = texts.t("overview.seen", { percent: Math.floor(100 * Seen.share(v.seen, v.info.duration_s)) });
  }

  // Sizes a canvas in device pixels, so that lines are sharp on every screen.
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} width
   * @param {number} height
   * @param {boolean} [setsStyle]
   */
  context(canvas, width, height, setsStyle = true) {
    const ratio = window.devicePixelRatio || 1;
    const c = canvas.getContext("2d");
    const wide = Math.round(width * ratio);
    const high = Math.round(height * ratio);
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      if (setsStyle) {
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
      }
    }
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    return c;
  }

  showWhere() {
    const { v } = this;
    if (!v.info) return;
    const end_s = Math.min(v.view.start_s + v.view.length_s, v.info.duration_s);
    const { page, n } = View.pageNumber(v.view, v.info.duration_s);
    const decimals = v.view.length_s < 10 || v.view.start_s % 1 ? 1 : 0;
    const words = texts.t("where", {
      from: Times.format(v.view.start_s, decimals), to: Times.format(end_s, decimals), page, n,
    });
    const mm = v.geometry ? v.geometry.plotWidth / v.settings.pxPerMm / v.view.length_s : 0;
    const speed = mm >= 1 ? ` \u00b7 ${mm.toFixed(0)} mm/s` : "";
    v.where.textContent = v.said ? `${v.said} \u00b7 ${words}` : words + speed;
  }

  showReadout() {
    const { v } = this;
    const p = v.pointer;
    if (!p || !v.info) {
      v.readout.textContent = "";
      return;
    }
    const parts = [];
    if (p.hit) parts.push(DrawLanes.label(p.hit.lane, p.hit.event));
    if (p.row !== null && v.rows[p.row]) {
      const unit = v.rows[p.row].unit === "uV" ? "\u00b5V" : v.rows[p.row].unit;
      parts.push(v.rows[p.row].label);
      if (p.value) parts.push(this.number(p.value, unit));
      else if (this.isWhole()) parts.push(texts.t("readout.no_signal"));
    }
    parts.push(Times.format(p.time_s, 3));
    if (v.clockStart !== null) parts.push(Times.clock(p.time_s, v.clockStart, 1));
    v.readout.textContent = parts.join("  \u00b7  ");
  }

  /** @param {ValueRange} given @param {string} unit */
  number({ low, high }, unit) {
    /** @param {number} value */
    const write = (value) => texts.number(value, 1);
    if (high - low < 0.05) return `${write(low)} ${unit}`;
    return `${write(low)} \u2026 ${write(high)} ${unit}`;
  }

  // Whether all pages in view are here.
  isWhole() {
    const { v } = this;
    const { key } = this.family();
    return View.tiles(v.view, v.info.duration_s).every((n) => v.cache.pages.has(`${key}|${n}`));
  }

  showBusy() {
    const { v } = this;
    const isReady = this.isWhole() && v.visiblePages().every((page) => page.fraction >= 1);
    v.body.dataset.state = isReady ? "ready" : "loading";
  }

  // For tests and benchmarks: which page stands on the screen.
  markDrawn() {
    const { v } = this;
    v.body.dataset.start = String(v.view.start_s);
    v.body.dataset.length = String(v.view.length_s);
    v.body.dataset.montage = v.montage;
    Looks.save(v);
  }
}
