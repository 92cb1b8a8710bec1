// Marks and decisions of the person at the screen, part of the viewer: `Viewer` extends it.
class Reviewing extends ViewerBase {
  /** @param {Pick<Given, "element" | "server" | "trigger">} given */
  constructor(given) {
    super(given);
    this.outbox = new Outbox(given.server,
      (handle, answer) => this.reviewArrived(handle, answer),
      (reason) => this.reviewFailed(reason),
      () => this.reviewsArrivedLate());
  }

  state() {
    return this.history.present;
  }

  // A predicted event where it is on the screen: where the person has shifted it to.
  /** @param {EegEvent} event @param {number} i */
  candidate(event, i) {
    return Marks.shifted(this.state(), i, event);
  }

  // What the server must know: marks, decisions, and at which threshold the events were so.
  reviewWords() {
    return { ...Marks.described(this.state()), seen_at: this.info.threshold };
  }

  // The threshold on the screen: the one wished for, until its events are here.
  shownThreshold() {
    if (!this.wished) return this.info.threshold;
    return this.wished.threshold ?? this.info.default_threshold;
  }

  // Takes the events of another threshold, and what was decided about them: a new step, or a state
  // of the history.
  /** @param {FoundAnswer} answer @param {MarksHistory | null} history */
  takeFound(answer, history) {
    this.outbox.forget(this.handle); // the question brought the review along
    const chosen = this.info.predictions[this.chosen];
    Object.assign(this.info, { threshold: answer.threshold, predictions: answer.predictions });
    const state = Marks.fromServer(answer);
    this.history = history ? { ...history, present: state } : Marks.moved(this.history, state);
    this.chosen = chosen ? Marks.sameEvent(answer.predictions, chosen) : null;
    this.refresh();
  }

  // Decides about a predicted event, and takes a decision back that is made once more.
  /** @param {number} i @param {"accepted" | "rejected"} decision */
  decide(i, decision) {
    const state = this.state();
    if (state.decisions[i] === decision) {
      this.change(Marks.undecide(state, i), texts.t("said.undecided"));
      return;
    }
    const event = this.candidate(this.info.predictions[i], i);
    const next = decision === "accepted" ? Marks.accept(state, i, event) : Marks.reject(state, i);
    this.change(next, texts.t(`said.${decision}`));
  }

  // Asks the page why the model found an event.
  /** @param {number} i */
  explain(i) {
    const { onset_s, duration_s } = this.candidate(this.info.predictions[i], i);
    this.trigger("explain_asked", { onset_s, duration_s });
  }

  /** @param {MarksState} state @param {string} said */
  change(state, said) {
    this.history = Marks.commit(this.history, state);
    this.afterChange(said);
  }

  /** @param {string} said */
  afterChange(said) {
    this.isSaved = false;
    this.queue?.note();
    this.say(said);
    this.refresh();
    this.pushReview();
  }

  // Sends the review, while one goes on; the promise ends with this attempt.
  pushReview() {
    return this.outbox.put(this.handle, this.reviewWords());
  }

  /** @param {string} handle @param {Answers["viewer_review"]} answer */
  reviewArrived(handle, answer) {
    if (handle === this.handle) this.trigger("marks_changed", { handle, n_marks: answer.n_marks });
  }

  /** @param {string | null} reason */
  reviewFailed(reason) {
    this.complain(`${reason ?? texts.t("error.lost")} ${texts.t("error.sent_again")}`);
  }

  reviewsArrivedLate() {
    this.complain(null);
    this.say(texts.t("said.sent_again"));
  }

  // Moves an edge of the event that is looked at, which accepts it.
  /** @param {"start" | "end"} part @param {number} seconds */
  moveEdge(part, seconds) {
    this.changeChosen((mark) => Marks.drag(mark, part, seconds, this.info.duration_s), "said.moved");
  }

  // Gives the event that is looked at a type, which accepts it; without one, the next mark.
  /** @param {string} kind */
  chooseKind(kind) {
    this.lastKind = kind;
    if (!this.changeChosen((mark) => ({ ...mark, kind }), "said.kind")) {
      this.say(texts.t("said.next_kind", { kind: texts.kind(kind) }));
    }
  }

  /** @param {(mark: Mark) => Mark} change @param {string} said */
  changeChosen(change, said) {
    const i = this.chosen;
    if (i === null) return false;
    const accepted = this.state().decisions[i] === "accepted" ? this.state()
      : Marks.accept(this.state(), i, this.candidate(this.info.predictions[i], i));
    const mark = change(accepted.marks.find((one) => one.id === `prediction-${i}`));
    const facts = `${texts.kind(mark.kind)}, ${Times.format(mark.onset_s, 1)}, ${Times.duration(mark.duration_s)}`;
    this.change(Marks.put(accepted, mark), texts.t(said, { facts }));
    return true;
  }

  /** @param {number} from_s @param {number} to_s @param {string[]} [channels] none for all */
  newMark(from_s, to_s, channels = []) {
    const id = `own-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 6)}`;
    this.edit({
      id, onset_s: from_s, duration_s: to_s - from_s, kind: this.lastKind, text: "",
      confidence: null, origin: "own", channels, side: "",
    }, true);
  }

  addMark() {
    const { start_s, length_s } = this.view;
    this.newMark(start_s + length_s / 4, Math.min(start_s + (3 * length_s) / 4, this.info.duration_s));
  }

  /** @param {Mark} mark @param {boolean} [isNew] */
  edit(mark, isNew = false) {
    this.editing = mark;
    this.selection = isNew
      ? { from_s: mark.onset_s, to_s: mark.onset_s + mark.duration_s, kind: "mark" } : null;
    Editor.open(this, mark, isNew);
    this.refresh();
  }

  closeEditor() {
    this.editing = this.selection = null;
    this.editor.element.hidden = true;
    this.overlay.focus({ preventScroll: true });
    this.refresh();
  }

  /** @param {string} id */
  deleteMark(id) {
    if (this.editing && this.editing.id === id) this.closeEditor();
    this.change(Marks.remove(this.state(), id), texts.t("said.deleted"));
  }

  /** @param {string} mode */
  chooseMode(mode) {
    this.mode = mode;
    this.measurement = this.selection = null;
    this.refresh();
    this.say(texts.t(`mode.${mode}`));
  }
}
