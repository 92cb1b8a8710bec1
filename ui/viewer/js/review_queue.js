// Answers of the server asked for ahead of time: the next one who asks the same has them at once.
class Ahead {
  /** @param {Server} server */
  constructor(server) {
    this.server = server;
    /** @type {Map<string, Promise<any>>} */ this.known = new Map();
    /** @type {Server} */ this.asking = new Proxy(server, {
      get: (_target, name) => (/** @type {object} */ request) =>
        this.take(String(name), request) ?? this.server[/** @type {keyof Answers} */ (name)](request),
    });
  }

  // Each answer serves once: what is asked again is asked of the server.
  /** @param {string} name @param {object} request */
  take(name, request) {
    const key = name + JSON.stringify(request);
    const answer = this.known.get(key);
    this.known.delete(key);
    return answer;
  }

  /**
   * @template {keyof Answers} Name
   * @param {Name} name
   * @param {object} request
   * @returns {Promise<Answered<Answers[Name]>>}
   */
  fetch(name, request) {
    const key = name + JSON.stringify(request);
    if (!this.known.has(key)) this.known.set(key, this.server[name](request));
    return this.known.get(key);
  }

  clear() {
    this.known.clear();
  }
}

// The candidates of a review, over many recordings: which one is looked at, and which one is next.
class ReviewQueue {
  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.v = viewer;
    /** @type {QueueItem[]} */ this.items = [];
    this.at = -1;
    this.recording = "";
    this.nDecided = 0;
    this.isMoving = false;
    /** @type {Promise<void>} */ this.preparing = Promise.resolve();
  }

  // Begins with the first undecided candidate; false where there is none.
  async begin() {
    const answer = await this.v.ask("viewer_queue", {});
    if (!answer) return;
    Object.assign(this, { items: answer.items, recording: answer.recording, nDecided: answer.n_decided });
    const first = this.items.findIndex((item) => !item.is_decided);
    if (first >= 0) await this.show(first);
    else this.v.say(texts.t("queue.all_decided"), true);
  }

  progress() {
    return texts.t("predictions.decided", { n: this.nDecided, all: this.items.length });
  }

  // What the viewer says of the recording on the screen.
  note() {
    const { decisions } = this.v.state();
    for (const item of this.items) {
      if (item.recording !== this.recording) continue;
      const isDecided = Boolean(decisions[item.prediction]);
      this.nDecided += Number(isDecided) - Number(item.is_decided);
      item.is_decided = isDecided;
    }
  }

  // The next one in the order that is undecided, or with `any` the next one at all.
  /** @param {number} direction @param {boolean} any */
  following(direction, any) {
    const n = this.items.length;
    for (let step = 1; step <= n; step += 1) {
      const at = this.at + direction * step;
      if (any) return at >= 0 && at < n ? at : null;
      const around = ((at % n) + n) % n;
      if (!this.items[around].is_decided) return around;
    }
    return null;
  }

  /** @param {number} direction @param {boolean} [any] */
  async step(direction, any = true) {
    const at = this.following(direction, any);
    const end = direction > 0 ? "event.no_next" : "event.no_previous";
    if (at === null) this.v.say(texts.t(any ? end : "queue.all_decided"), !any);
    else await this.show(at);
  }

  /** @param {number} at */
  async show(at) {
    if (this.isMoving) return;
    const { v } = this;
    const item = this.items[at];
    this.isMoving = true;
    try {
      if (item.recording !== this.recording && !(await this.turnTo(item.recording))) {
        this.leaveOut(item.recording);
        return;
      }
      this.at = at;
      v.choosePrediction(item.prediction);
      v.say(this.progress());
    } finally {
      this.isMoving = false;
    }
    this.preparing = this.prepare();
  }

  // Calls back once what the next candidate needs is on its way, if one still looks at this recording.
  /** @param {() => void} then */
  async onceReady(then) {
    const { handle } = this.v;
    if (this.isMoving) return;
    await this.preparing;
    if (this.v.handle === handle) then();
  }

  // A recording that cannot be opened is passed over; the message says why.
  /** @param {string} recording */
  leaveOut(recording) {
    const here = this.items[this.at];
    this.items = this.items.filter((item) => item.recording !== recording);
    this.at = this.items.indexOf(here);
  }

  // Opens another recording of the review, to be looked at in the same way.
  /** @param {string} recording */
  async turnTo(recording) {
    const { v } = this;
    const look = Looks.of(v);
    const answer = await v.ask("viewer_queue_open", { recording });
    if (!answer) return false;
    if (!(await v.open({ handle: answer.handle, number: 0 }, look, this))) return false;
    this.recording = recording;
    return true;
  }

  // Asks for what the next candidate needs, while this one is looked at.
  async prepare() {
    const { v } = this;
    const at = this.following(1, false);
    if (at === null) return;
    const item = this.items[at];
    await v.outbox.sending; // so that it is asked for as it then stands
    if (item.recording === this.recording) {
      const event = v.candidate(v.info.predictions[item.prediction], item.prediction);
      v.renderer.fetchAround(event);
      return;
    }
    const { ahead, handle } = v;
    ahead.clear();
    const opened = await ahead.fetch("viewer_queue_open", { handle, recording: item.recording });
    if (opened.error || v.handle !== handle) return;
    const next = opened.handle;
    const [info, fit] = await Promise.all([
      ahead.fetch("viewer_open", { handle: next }),
      ahead.fetch("viewer_montage", { handle: next, montage: v.montage }),
    ]);
    if (info.error || fit.error || v.handle !== handle) return;
    const order = fit.rows.length === v.rows.length ? v.shown()
      : fit.rows.map((_row, number) => number).filter((number) => !fit.rows[number].is_dummy);
    const rows = [...order].sort((a, b) => a - b);
    const view = View.around(v.view, item.onset_s, item.duration_s, info.duration_s);
    for (const number of View.tiles(view, info.duration_s)) {
      ahead.fetch("viewer_page", v.renderer.pageRequest(next, rows, number, view.length_s));
    }
  }
}
