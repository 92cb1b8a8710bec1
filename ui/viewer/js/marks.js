// Marks and decisions about predicted events, with undo. Pure: states are never changed.
const Marks = (() => {
  const LIMIT = 200;
  const SAME_S = 1e-3; // onsets that are closer are one place

  /** @param {MarksState} state @returns {MarksHistory} */
  function newHistory(state) {
    return { past: [], present: state, future: [] };
  }

  /** @param {MarksHistory} history @param {MarksState} state @returns {MarksHistory} */
  function commit(history, state) {
    return { past: [...history.past, history.present].slice(-LIMIT), present: state, future: [] };
  }

  // Another threshold is a step of its own; several moves in a row are taken back together.
  /** @param {MarksHistory} history @param {MarksState} state @returns {MarksHistory} */
  function moved(history, state) {
    const { past, present } = history;
    const isFirst = !past.length || past.at(-1).threshold === present.threshold;
    return isFirst ? commit(history, state) : { past, present: state, future: [] };
  }

  /** @param {MarksHistory} history @returns {MarksHistory} */
  function undo(history) {
    if (!history.past.length) return history;
    return {
      past: history.past.slice(0, -1),
      present: history.past.at(-1),
      future: [history.present, ...history.future],
    };
  }

  /** @param {MarksHistory} history @returns {MarksHistory} */
  function redo(history) {
    if (!history.future.length) return history;
    return {
      past: [...history.past, history.present],
      present: history.future[0],
      future: history.future.slice(1),
    };
  }

  // The server's words for a state: lists instead of tables.
  /** @param {MarksState} state @returns {ReviewWords} */
  function described({ marks, decisions, shifts = {} }) {
    return {
      marks,
      decisions: Object.entries(decisions).map(([i, decision]) => ({ prediction: +i, decision })),
      shifts: Object.entries(shifts).map(([i, seconds]) => ({ prediction: +i, seconds })),
    };
  }

  /** @param {FoundAnswer} answer @returns {MarksState} */
  function fromServer({ marks, decisions, shifts, threshold }) {
    return {
      marks,
      threshold,
      decisions: Object.fromEntries(decisions.map((one) => [one.prediction, one.decision])),
      shifts: Object.fromEntries(shifts.map((one) => [one.prediction, one.seconds])),
    };
  }

  /** @param {Mark[]} marks */
  function sorted(marks) {
    return [...marks].sort((a, b) => a.onset_s - b.onset_s || a.duration_s - b.duration_s);
  }

  /** @param {MarksState} state @param {Mark} mark @returns {MarksState} */
  function put(state, mark) {
    const others = state.marks.filter((other) => other.id !== mark.id);
    return { ...state, marks: sorted([...others, mark]) };
  }

  // A deleted mark that was an accepted prediction leaves the prediction undecided.
  /** @param {MarksState} state @param {string} id @returns {MarksState} */
  function remove(state, id) {
    const decisions = { ...state.decisions };
    const prediction = /^prediction-(\d+)$/.exec(id);
    if (prediction) delete decisions[prediction[1]];
    return { ...state, marks: state.marks.filter((mark) => mark.id !== id), decisions };
  }

  // Accepting makes a mark of the prediction.
  /** @param {MarksState} state @param {number} index @param {EegEvent} prediction @returns {MarksState} */
  function accept(state, index, prediction) {
    const next = put(state, { ...prediction, id: `prediction-${index}`, origin: "predicted" });
    return { ...next, decisions: { ...next.decisions, [index]: "accepted" } };
  }

  // A prediction where a person has shifted it to.
  /** @param {MarksState} state @param {number} index @param {EegEvent} prediction */
  function shifted(state, index, prediction) {
    return { ...prediction, onset_s: prediction.onset_s + ((state.shifts || {})[index] || 0) };
  }

  // Shifting moves the prediction, and the mark it has become, and decides nothing.
  /**
   * @param {MarksState} state
   * @param {number} index
   * @param {EegEvent} prediction
   * @param {number} seconds
   * @param {number} duration_s
   * @returns {MarksState}
   */
  function shift(state, index, prediction, seconds, duration_s) {
    const { onset_s } = drag(shifted(state, index, prediction), "whole", seconds, duration_s);
    const shifts = { ...state.shifts, [index]: onset_s - prediction.onset_s };
    const mark = state.marks.find((one) => one.id === `prediction-${index}`);
    const next = mark ? put(state, drag(mark, "whole", seconds, duration_s)) : state;
    return { ...next, shifts };
  }

  /** @param {MarksState} state @param {number} index @returns {MarksState} */
  function reject(state, index) {
    const next = remove(state, `prediction-${index}`);
    return { ...next, decisions: { ...next.decisions, [index]: "rejected" } };
  }

  /** @param {MarksState} state @param {number} index */
  function undecide(state, index) {
    return remove(state, `prediction-${index}`);
  }

  /** @param {Mark} mark @param {number} duration_s */
  function cut(mark, duration_s) {
    const onset_s = Math.min(Math.max(mark.onset_s, 0), duration_s);
    const end = Math.min(Math.max(mark.onset_s + mark.duration_s, onset_s), duration_s);
    return { ...mark, onset_s, duration_s: end - onset_s };
  }

  // Moves one end of an event, or the whole, by some seconds.
  /**
   * @template {Timed} Dragged
   * @param {Dragged} mark
   * @param {string} part
   * @param {number} seconds
   * @param {number} duration_s
   * @returns {Dragged}
   */
  function drag(mark, part, seconds, duration_s) {
    const end_s = mark.onset_s + mark.duration_s;
    if (part === "start") {
      const onset_s = Math.min(Math.max(mark.onset_s + seconds, 0), end_s);
      return { ...mark, onset_s, duration_s: end_s - onset_s };
    }
    if (part === "end") {
      const stop_s = Math.min(Math.max(end_s + seconds, mark.onset_s), duration_s);
      return { ...mark, duration_s: stop_s - mark.onset_s };
    }
    const latest = Math.max(duration_s - mark.duration_s, 0);
    return { ...mark, onset_s: Math.min(Math.max(mark.onset_s + seconds, 0), latest) };
  }

  // The events that begin next after, or last before, a moment: several where they begin together.
  /**
   * @template {Timed} Found
   * @param {Found[]} events
   * @param {number} time_s
   * @param {number} direction
   */
  function next(events, time_s, direction) {
    const onsets = events.map((event) => event.onset_s).sort((a, b) => a - b);
    const onset_s = direction > 0
      ? onsets.find((onset) => onset > time_s + SAME_S)
      : onsets.findLast((onset) => onset < time_s - SAME_S);
    return onset_s === undefined
      ? [] : events.filter((event) => Math.abs(event.onset_s - onset_s) <= SAME_S);
  }

  // The position of the event that has most in common with another one; null where none has.
  /** @param {Timed[]} events @param {Timed} event */
  function sameEvent(events, event) {
    /** @param {Timed} one */
    const shared = (one) => Math.min(one.onset_s + one.duration_s, event.onset_s + event.duration_s)
      - Math.max(one.onset_s, event.onset_s);
    const most = Math.max(0, ...events.map(shared));
    return most > 0 ? events.findIndex((one) => shared(one) === most) : null;
  }

  return {
    sameEvent, described, fromServer, newHistory, commit, moved, undo, redo, put, remove, accept, reject, undecide, shifted, shift, cut, drag, next,
  };
})();
