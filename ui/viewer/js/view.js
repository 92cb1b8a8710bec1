// The stretch that is looked at. Pure: every function returns a new {start_s, length_s}.
const View = (() => {
  const SHORTEST_S = 0.1;

  /** @param {Stretch} view @param {number} duration_s */
  function clamp(view, duration_s) {
    const length_s = Math.min(Math.max(view.length_s, SHORTEST_S), Math.max(duration_s, SHORTEST_S));
    const latest = Math.max(duration_s - length_s, 0);
    return { start_s: Math.min(Math.max(view.start_s, 0), latest), length_s };
  }

  /** @param {Stretch} view @param {number} seconds @param {number} duration_s */
  function moveBy(view, seconds, duration_s) {
    return clamp({ ...view, start_s: view.start_s + seconds }, duration_s);
  }

  // The last page is a full one, so it may overlap the one before; turning back from it leads to
  // the grid of pages again.
  /** @param {Stretch} view @param {number} pages @param {number} duration_s */
  function turn(view, pages, duration_s) {
    const last_s = lastPage(view, duration_s);
    const isLast = pages < 0 && view.start_s > 0 && view.start_s >= last_s - 1e-9;
    const from_s = isLast ? Math.ceil(view.start_s / view.length_s - 1e-9) * view.length_s : view.start_s;
    return clamp({ ...view, start_s: from_s + pages * view.length_s }, duration_s);
  }

  /** @param {Stretch} view @param {number} duration_s */
  function lastPage(view, duration_s) {
    return Math.max(duration_s - view.length_s, 0);
  }

  // Number of the page of a view, and how many there are.
  /** @param {Stretch} view @param {number} duration_s */
  function pageNumber(view, duration_s) {
    const n = Math.max(Math.ceil(duration_s / view.length_s - 1e-9), 1);
    if (view.start_s >= lastPage(view, duration_s) - 1e-6) return { page: n, n };
    return { page: Math.min(n, Math.floor(view.start_s / view.length_s + 1e-6) + 1), n };
  }

  // Whether any of an event lies on the page; one without a duration is on it where it begins.
  /** @param {Stretch} view @param {Timed} event */
  function holds(view, event) {
    const end_s = event.onset_s + event.duration_s;
    const isBefore = event.duration_s > 0 ? end_s <= view.start_s : end_s < view.start_s;
    return !isBefore && event.onset_s < view.start_s + view.length_s;
  }

  /**
   * @param {Stretch} view
   * @param {number} length_s
   * @param {number} duration_s
   * @param {number} [anchor_s]
   */
  function withLength(view, length_s, duration_s, anchor_s = view.start_s) {
    const clamped = Math.min(Math.max(length_s, SHORTEST_S), Math.max(duration_s, SHORTEST_S));
    const share = (anchor_s - view.start_s) / view.length_s;
    return clamp({ start_s: anchor_s - share * clamped, length_s: clamped }, duration_s);
  }

  // Centres an event; one that is longer than the page begins a tenth into it.
  /**
   * @param {Stretch} view
   * @param {number} onset_s
   * @param {number} event_s
   * @param {number} duration_s
   */
  function around(view, onset_s, event_s, duration_s) {
    const room = view.length_s - event_s;
    const lead = room > 0 ? room / 2 : view.length_s / 10;
    return clamp({ ...view, start_s: onset_s - lead }, duration_s);
  }

  // Numbers of the pages of a fixed grid that a view touches.
  /** @param {Stretch} view @param {number} duration_s */
  function tiles(view, duration_s) {
    const first = Math.floor(view.start_s / view.length_s + 1e-9);
    const last = Math.ceil((view.start_s + view.length_s) / view.length_s - 1e-9) - 1;
    const end = Math.ceil(duration_s / view.length_s - 1e-9) - 1;
    const numbers = [];
    for (let i = Math.max(first, 0); i <= Math.min(last, Math.max(end, 0)); i += 1) numbers.push(i);
    return numbers;
  }

  return {
    SHORTEST_S, clamp, moveBy, turn, lastPage, pageNumber, holds, withLength, around, tiles,
  };
})();
