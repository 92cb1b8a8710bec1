// State of a viewer, and what its parts share: asking the server, messages, drawing.
// `Reviewing`, `MontageView` and `Viewer` extend it, each the one before.
const SAID_MS = 8000;

class ViewerBase {
  // --- made once, see frame.js ---
  /** @type {ReturnType<typeof Toolbar.build>} */ bar;
  /** @type {ReturnType<typeof Editor.build>} */ editor;
  /** @type {ReturnType<typeof Frame.panel>} */ panel;
  /** @type {ReturnType<typeof Threshold.build>} */ threshold;
  /** @type {ReturnType<typeof Trends.build>} */ trendPane;
  /** @type {ReturnType<typeof Spectrum.build>} */ spectrumPane;
  /** @type {HTMLCanvasElement} */ canvas;
  /** @type {HTMLCanvasElement} */ overlay;
  /** @type {HTMLCanvasElement} */ strip;
  /** @type {HTMLElement} */ body;
  /** @type {HTMLElement} */ stage;
  /** @type {HTMLElement} */ title;
  /** @type {HTMLElement} */ message;
  /** @type {HTMLElement} */ empty;
  /** @type {HTMLElement} */ help;
  /** @type {HTMLElement} */ readout;
  /** @type {HTMLElement} */ where;
  /** @type {TileCache} */ cache;
  /** @type {Renderer} */ renderer;

  // --- set while a page is drawn ---
  /** @type {Record<string, string>} */ colours;
  /** @type {Laid} */ geometry;

  /** @type {HTMLElement | null} */ refused = null; // the field of a complaint
  /** @type {number | undefined} */ sayingTimer;
  /** @type {number | undefined} */ pagingTimer; // set while pages turn by themselves
  /** @type {number | undefined} */ spectrumTimer;

  /** @param {Pick<Given, "element" | "server" | "trigger">} given */
  constructor({ element, server, trigger }) {
    this.id = `szv-${Math.random().toString(36).slice(2, 9)}`;
    this.root = element;
    this.ahead = new Ahead(server);
    this.server = this.ahead.asking;
    this.trigger = trigger;
    /** @type {Settings} */ this.settings = Preferences.load();
    /** @type {Record<string, boolean>} */ this.openSections = {};
    /** @type {Record<string, number>} */ this.nListed = {}; // items of each list that are built
    /** @type {ReviewQueue | null} */ this.queue = null;
    this.reset();
  }

  // State that belongs to one recording.
  reset() {
    /** @type {RecordingInfo | null} */ this.info = null;
    /** @type {string | null} */ this.handle = null;
    /** @type {MontageRow[]} */ this.rows = [];
    /** @type {number[]} */ this.order = [];
    /** @type {Set<number>} */ this.hidden = new Set();
    /** @type {Map<number, number>} */ this.gains = new Map();
    /** @type {string[]} */ this.missing = [];
    /** @type {Stretch} */ this.view = { start_s: 0, length_s: 10 };
    /** @type {number | null} */ this.speed = null;
    this.montage = "recorded";
    this.mode = "move";
    /** @type {Filters} */ this.filters = { high_pass_hz: null, low_pass_hz: null, notch_hz: null };
    /** @type {MarksHistory} */ this.history = Marks.newHistory({ marks: [], decisions: {}, shifts: {}, threshold: null });
    this.isSaved = true;
    /** @type {{ threshold: number | null, history: MarksHistory | null } | null} */ this.wished = null; // not answered yet
    this.isMoving = false;
    /** @type {number | null} */ this.chosen = null; // the predicted event that keys judge
    this.lastKind = KINDS[0];
    /** @type {OverviewPage | null} */ this.overview = null;
    /** @type {TrendLanes | null} */ this.trends = null;
    this.trendFraction = 0;
    /** @type {number | null} */ this.pageUvPerMm = null;
    /** @type {PointerPlace | null} */ this.pointer = null;
    /** @type {Caliper | null} */ this.measurement = null;
    /** @type {SelectedTime | null} */ this.selection = null;
    /** @type {Mark | null} */ this.editing = null;
    /** @type {Map<number, { px: number, middle: number }>} */ this.scales = new Map();
    /** @type {number | null} */ this.clockStart = null;
    this.phase = 0;
    /** @type {Page[]} */ this.lastPages = [];
    /** @type {number | null} */ this.jumpedTo = null;
    /** @type {string | null} */ this.savedLook = null;
    /** @type {[number, number][]} */ this.seen = []; // what was on the screen already, see seen.js
    clearTimeout(this.pagingTimer);
    this.pagingTimer = undefined;
    /** @type {Spectra | null} */ this.spectrum = null;
    /** @type {string | null} */ this.spectrumWanted = null;
    /** @type {string | null} */ this.said = null;
  }

  // The keys of all types, those of the review's own list included.
  /** @returns {Record<string, string>} */
  hotkeys() {
    const own = (this.info?.types ?? []).filter(({ hotkey }) => hotkey);
    return { ...HOTKEYS, ...Object.fromEntries(own.map(({ hotkey, code }) => [hotkey, code])) };
  }

  // --- asking the server ---

  // An answer, or null after the user has seen the reason why there is none.
  /**
   * @template {keyof Answers} Name
   * @param {Name} name
   * @param {object} request
   * @returns {Promise<Answers[Name] | null>}
   */
  async ask(name, request) {
    const handle = this.handle;
    /** @type {Answered<Answers[Name]> | undefined} */ let answer;
    try {
      answer = await this.server[name]({ handle, ...request });
    } catch {
      answer = undefined;
    }
    if (handle !== this.handle) return null; // another recording was opened meanwhile
    if (answer && !answer.error) return answer;
    this.complain(answer ? answer.error : texts.t("error.lost"));
    return null;
  }

  // --- messages to the user ---

  // Words on the status line, until the page is turned or they have been read; with `isLong` until
  // the next message.
  /** @param {string | null} words @param {boolean} [isLong] */
  say(words, isLong = false) {
    clearTimeout(this.sayingTimer);
    this.said = words;
    this.renderer.showWhere();
    if (words && !isLong) this.sayingTimer = setTimeout(() => this.say(null), SAID_MS);
  }

  // Shows what went wrong; with a field, until something is typed or chosen.
  /** @param {string | null} words @param {HTMLElement | null} [field] */
  complain(words, field = null) {
    this.refused?.removeAttribute("aria-invalid");
    this.refused = words ? field : null;
    if (this.refused?.matches("input")) this.refused.setAttribute("aria-invalid", "true");
    this.message.hidden = !words;
    this.message.replaceChildren(Dom.el("span", {}, words || ""));
    if (words) this.message.append(Dom.button("no", "message.close", () => this.complain(null)));
  }

  // Called before anything typed or chosen is acted on.
  reconsider() {
    if (this.refused) this.complain(null);
  }

  // --- drawing ---

  // Shows the state everywhere: in the bars, the lists and the EEG.
  refresh() {
    if (this.info) this.renderer.refresh();
  }

  draw() {
    this.renderer.schedule();
  }

  drawOverlay() {
    this.renderer.drawOverlay();
  }

  drawLabels() {
    this.renderer.drawLabels();
  }

  showReadout() {
    this.renderer.showReadout();
  }
}
