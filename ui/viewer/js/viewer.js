// The viewer: what it opens, where and how one looks.
const OVERVIEW_AFTER_MS = 3000;

class Viewer extends MontageView {
  /** @param {Pick<Given, "element" | "server" | "trigger">} given */
  constructor(given) {
    super(given);
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.overviewTimer = undefined;
    this.isReturn = Looks.isReturn();
    Frame.build(this, this.root.querySelector(".szv") || this.root);
    Pointer.attach(this);
    Keyboard.attach(this);
    Frame.attachStrip(this);
    this.cache = new TileCache(
      (request) => this.server.viewer_page(request),
      () => this.draw(),
      (message) => this.complain(message || texts.t("error.lost")),
    );
    this.renderer = new Renderer(this);
  }

  // --- what is open ---

  // Follows the component's value: opens another recording, or goes to a place in this one.
  /** @param {ViewerValue | null} value */
  async follow(value) {
    if (!value || !value.handle) {
      this.close();
      return;
    }
    const isNew = value.handle !== this.handle;
    if (isNew && !(await this.open(value))) return;
    if (isNew && this.info.is_queued) {
      this.queue = new ReviewQueue(this);
      await this.queue.begin();
      return;
    }
    if (!isNew && value.reload) await this.reload();
    if (!isNew && value.stay) return;
    if (value.length_s) this.view = { ...this.view, length_s: value.length_s };
    const start_s = value.start_s ?? (isNew ? this.view.start_s : 0);
    if (value.event) {
      this.chosen = Marks.sameEvent(this.info.predictions, value.event);
      this.showEvent(value.event);
      this.refresh();
    } else this.look(View.clamp({ ...this.view, start_s }, this.info.duration_s));
  }

  close() {
    this.queue = null;
    this.reset();
    this.cache.clear();
    this.body.classList.remove("szv-open");
  }

  /**
   * @param {ViewerValue} value
   * @param {Look} [look] how to look at it; else as before
   * @param {ReviewQueue | null} [queue] of which it is one
   */
  async open(value, look, queue = null) {
    this.queue = queue;
    clearTimeout(this.overviewTimer);
    this.reset();
    this.cache.clear();
    this.body.dataset.state = "loading"; // what is on the screen is of the recording before
    this.handle = value.handle;
    const info = await this.ask("viewer_open", {});
    if (!info) return false;
    this.take(info);
    this.body.classList.add("szv-open");
    this.complain(null);
    const own = Looks.load(this);
    this.seen = own?.seen ?? [];
    if (!(await this.resume(look ?? own))) return false;
    // In a queue only of recordings that are looked at for longer: it reads the whole file.
    if (info.is_queued) this.overviewTimer = setTimeout(() => this.watchOverview(), OVERVIEW_AFTER_MS);
    else this.watchOverview();
    return true;
  }

  // Shows a recording as it was last looked at, if it was: at its start, or, after the page was
  // loaded again, where it was.
  /** @param {Look | null} look */
  async resume(look) {
    const { isReturn } = this;
    this.isReturn = false;
    this.settings = Preferences.load();
    if (!look) return this.chooseMontage("recorded");
    const { view, speed, filters, uvPerMm, perChannel, order } = look;
    Object.assign(this, { speed, filters, settings: { ...this.settings, uvPerMm, perChannel } });
    this.view = { start_s: isReturn ? view.start_s : 0, length_s: view.length_s };
    const isOffered = this.info.montages.some(({ id }) => id === look.montage);
    if (!(await this.chooseMontage(isOffered ? look.montage : "recorded"))) return false;
    if (this.montage === look.montage && order.length === this.rows.length) {
      Object.assign(this, { order, hidden: new Set(look.hidden), gains: new Map(look.gains) });
      this.refresh();
    }
    return true;
  }

  // Fetches what was found and decided once more; what can be undone stays where nothing changed.
  async reload() {
    await this.outbox.sending;
    const info = await this.ask("viewer_open", {});
    if (!info) return;
    const { history } = this;
    const facts = () => JSON.stringify([Marks.described(this.state()), this.info.predictions]);
    const before = facts();
    this.take(info);
    if (facts() === before) this.history = history;
    else if (history.past.length) this.say(texts.t("said.undo_ended"));
    this.cache.clear();
    this.watchOverview();
    this.refresh();
  }

  /** @param {RecordingInfo} info */
  take(info) {
    this.info = info;
    texts.addKinds(info.types);
    this.clockStart = Times.clockStart(info.start_time);
    this.phase = this.clockStart === null ? 0 : this.clockStart % 86400;
    // What has not arrived yet is newer; candidates of a queue keep their numbers.
    const newer = info.is_queued ? this.outbox.waiting.get(this.handle) : null;
    this.history = Marks.newHistory(Marks.fromServer({ ...info, ...newer }));
    this.chosen = null;
    const facts = [info.format, texts.t("title.channels", { n: info.n_channels }), Times.duration(info.duration_s)];
    if (info.start_time) facts.push(texts.t("title.start", { start: info.start_time.slice(0, 19).replace("T", " ") }));
    if (info.title) facts.push(info.title);
    this.title.replaceChildren(Dom.el("b", {}, info.file_name), ` ${facts.join(" \u00b7 ")}`);
  }

  async watchOverview() {
    const handle = this.handle;
    Trends.watch(this);
    for (;;) {
      const columns = Math.max(50, Math.min(2000, Math.round(this.strip.clientWidth)));
      const answer = await this.ask("viewer_overview", { columns });
      if (!answer || handle !== this.handle) return;
      this.overview = {
        fraction: answer.fraction,
        activity: Signals.decode(answer.activity),
        probability: answer.probability ? Signals.decode(answer.probability) : null,
      };
      this.renderer.drawOverview();
      if (answer.fraction >= 1) return;
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
  }

  // --- where to look ---

  /** @param {Stretch} view */
  look(view) {
    this.view = view;
    if (this.said) this.say(null);
    if (this.geometry && this.info) this.renderer.fetch(); // not only with the next frame
    this.draw();
  }

  /** @param {number} pages */
  turn(pages) {
    this.look(View.turn(this.view, pages, this.info.duration_s));
  }

  /** @param {number} direction */
  pan(direction) {
    this.look(View.moveBy(this.view, (direction * this.view.length_s) / 10, this.info.duration_s));
  }

  goFirst() {
    this.look({ ...this.view, start_s: 0 });
  }

  goLast() {
    this.look({ ...this.view, start_s: View.lastPage(this.view, this.info.duration_s) });
  }

  /** @param {string} text */
  goTo(text) {
    if (!this.info) return;
    const { duration_s } = this.info;
    const found = Times.locate(text, this.clockStart, duration_s);
    if (found.time_s === null) {
      this.complain(texts.t(found.isTime ? "goto.outside" : "goto.wrong", { text, span: this.span() }), this.bar.goto);
      return;
    }
    this.complain(null);
    this.look(View.clamp({ ...this.view, start_s: found.time_s }, duration_s));
    this.overlay.focus({ preventScroll: true });
    const way = found.isClock ? "goto.by_clock" : "goto.from_start";
    const shown = found.isClock
      ? Times.clock(found.time_s, this.clockStart) : Times.format(found.time_s);
    this.say(texts.t(way, { time: shown }));
  }

  // From when to when the recording lasts, in words.
  span() {
    const { duration_s } = this.info;
    const length = Times.format(duration_s);
    if (this.clockStart === null) return texts.t("goto.span", { length });
    const from = Times.clock(0, this.clockStart);
    return texts.t("goto.span_clock", { length, from, to: Times.clock(duration_s, this.clockStart) });
  }

  /** @param {Timed} event */
  showEvent(event) {
    this.jumpedTo = event.onset_s; // the next one is sought from here, not from the page's middle
    this.look(View.around(this.view, event.onset_s, event.duration_s, this.info.duration_s));
  }

  /** @param {number} direction */
  jump(direction) {
    if (this.queue) {
      this.queue.step(direction);
      return;
    }
    const centre = this.view.start_s + this.view.length_s / 2;
    const here = this.jumpedTo !== null && this.isOnPage(this.jumpedTo) ? this.jumpedTo : centre;
    const found = Marks.next(DrawLanes.everyEvent(this), here, direction);
    if (!found.length) {
      this.say(texts.t(direction > 0 ? "event.no_next" : "event.no_previous"));
      return;
    }
    this.showEvent(found[0]);
    const predicted = found.find(({ lane }) => lane === "predictions");
    this.chosen = predicted ? predicted.number : null;
    this.refresh();
    const words = found.map((event) =>
      `${texts.t(`lane.${event.lane}`)}: ${DrawLanes.label(event.lane, event)}`);
    this.say(`${[...new Set(words)].join(" \u00b7 ")}, ${Times.format(found[0].onset_s, 1)}`);
  }

  // Shows a predicted event; keys and buttons judge it from then on.
  /** @param {number} i */
  choosePrediction(i) {
    this.chosen = i;
    this.showEvent(this.candidate(this.info.predictions[i], i));
    this.refresh();
  }

  undo() {
    this.travel(Marks.undo(this.history), "said.undone");
  }

  redo() {
    this.travel(Marks.redo(this.history), "said.redone");
  }

  // Goes to a state of the history, also over a change of the threshold.
  /** @param {MarksHistory} history @param {string} said */
  async travel(history, said) {
    const { threshold } = history.present;
    if (threshold === this.state().threshold) this.history = history;
    else await Threshold.move(this, threshold, history);
    if (threshold === this.state().threshold) this.afterChange(texts.t(said));
  }

  // By key: decides about the event that is looked at, and shows the next undecided one.
  /** @param {"accepted" | "rejected"} decision */
  judge(decision) {
    if (this.queue?.isMoving) return; // about what is not on the screen yet
    const order = PanelEvents.order(this);
    /** @param {number} one */
    const isHere = (one) => View.holds(this.view, this.candidate(this.info.predictions[one], one));
    const here = order.filter(isHere);
    const i = here.find((one) => one === this.chosen)
      ?? here.find((one) => !this.state().decisions[one]) ?? here[0];
    if (i === undefined) {
      this.say(texts.t("predictions.none_here"));
      return;
    }
    this.chosen = i;
    if (this.state().decisions[i] !== decision) this.decide(i, decision);
    if (this.queue) {
      this.queue.step(1, false);
      return;
    }
    const at = order.indexOf(i);
    const following = [...order.slice(at + 1), ...order.slice(0, at)];
    const next = following.find((one) => !this.state().decisions[one]);
    if (next !== undefined) this.choosePrediction(next);
    this.say(`${texts.t(`said.${decision}`)} \u00b7 ${PanelEvents.progress(this)}`);
  }

  /** @param {number} time_s */
  isOnPage(time_s) {
    return time_s >= this.view.start_s && time_s <= this.view.start_s + this.view.length_s;
  }

  /** @param {number} direction */
  zoom(direction) {
    this.speed = null;
    const choices = [...Scale.LENGTHS_S.filter((s) => s < this.info.duration_s), this.info.duration_s];
    const length_s = Scale.step(choices, this.view.length_s, direction);
    this.look(View.withLength(this.view, length_s, this.info.duration_s, this.view.start_s + this.view.length_s / 2));
  }

  /** @param {string} value */
  chooseLength(value) {
    this.speed = value.startsWith("speed:") ? +value.slice(6) : null;
    const mm = this.geometry.plotWidth / this.settings.pxPerMm;
    const length_s = this.speed ? mm / this.speed : value === "whole" ? this.info.duration_s : +value;
    if (length_s > 0) this.look(View.withLength(this.view, length_s, this.info.duration_s));
  }

  // --- how to look ---

  /** @param {Partial<Settings>} changes */
  set(changes) {
    this.settings = { ...this.settings, ...changes };
    Preferences.save(this.settings);
    if (this.speed) this.chooseLength(`speed:${this.speed}`);
    this.refresh();
  }

  /** @param {string} value */
  chooseSensitivity(value) {
    const uvPerMm = value === "auto" ? 0 : +value;
    this.set(value === "fit" ? { perChannel: true } : { perChannel: false, uvPerMm });
  }

  // What was chosen, or what suits the screen and the page.
  uvPerMm() {
    if (this.settings.uvPerMm > 0) return this.settings.uvPerMm;
    return this.pageUvPerMm || Scale.background(this.info.n_channels, this.settings.pxPerMm);
  }

  /** @param {number} direction */
  stepSensitivity(direction) {
    const uvPerMm = Scale.step(Scale.SENSITIVITIES, this.uvPerMm(), direction);
    this.set({ perChannel: false, uvPerMm });
  }

  /** @param {keyof Filters} name @param {number | null} hz */
  chooseFilter(name, hz) {
    const filters = { ...this.filters, [name]: hz };
    const { high_pass_hz: high, low_pass_hz: low } = filters;
    if (high !== null && low !== null && low <= high) {
      this.complain(texts.t("filter.crossed"), this.bar[name === "high_pass_hz" ? "high" : "low"].list);
    } else {
      this.filters = filters;
    }
    this.refresh();
  }

  togglePanel() {
    this.set({ panel: !this.settings.panel });
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.body.requestFullscreen();
  }

  /** @param {boolean} [isShown] */
  showHelp(isShown = Boolean(this.help.hidden)) {
    this.help.hidden = !isShown;
    (isShown ? this.help.querySelector("button") : this.overlay).focus({ preventScroll: true });
  }

  // --- what is on the screen ---

  /** @param {number} number */
  partsOf(number, pages = this.visiblePages()) {
    const middle = this.view.start_s + this.view.length_s / 2;
    return pages.flatMap((page) => {
      const row = page.rows.get(number);
      if (!row) return [];
      const holdsMiddle = page.start_s <= middle && middle < page.start_s + page.length_s;
      return [{ ...row, holdsMiddle }];
    });
  }

  visiblePages() {
    return this.renderer.visiblePages();
  }

  /** @param {number} number @param {number} time_s */
  valueAt(number, time_s) {
    for (const part of this.partsOf(number)) {
      const value = Signals.valueAt(part, time_s);
      if (value) return value;
    }
    return null;
  }

  // Ends what was begun, wherever the keyboard is: a pane over the EEG, a measurement, a mode.
  escape() {
    if (!this.spectrumPane.element.hidden) {
      Spectrum.toggle(this);
      return;
    }
    this.measurement = this.selection = null;
    this.overlay.focus({ preventScroll: true });
    if (this.mode !== "move") this.chooseMode("move");
    this.renderer.drawOverlay();
  }
}
