// Which events of a list lie on a page, found without going through all of them. Lists are never
// changed in place, so each is put in order once.
const OnPage = (() => {
  /** @type {WeakMap<Timed[], { order: number[], onsets: number[], ends: number[] }>} */
  const known = new WeakMap();

  // The events by onset, and how far those up to each one reach.
  /** @param {Timed[]} events */
  function indexOf(events) {
    const found = known.get(events);
    if (found) return found;
    const order = events.map((_event, i) => i)
      .sort((a, b) => events[a].onset_s - events[b].onset_s || a - b);
    let reach = -Infinity;
    const index = {
      order,
      onsets: order.map((i) => events[i].onset_s),
      ends: order.map((i) => (reach = Math.max(reach, events[i].onset_s + events[i].duration_s))),
    };
    known.set(events, index);
    return index;
  }

  // The first place in ascending values whose value is at least the given one.
  /** @param {number[]} values @param {number} least */
  function firstFrom(values, least) {
    let from = 0;
    let to = values.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (values[middle] < least) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  // The numbers of the events on a page, ascending.
  /** @param {Timed[]} events @param {Stretch} view */
  function numbers(events, view) {
    const { order, onsets, ends } = indexOf(events);
    const from = firstFrom(ends, view.start_s);
    const to = firstFrom(onsets, view.start_s + view.length_s);
    return order.slice(from, to).filter((i) => View.holds(view, events[i])).sort((a, b) => a - b);
  }

  return { numbers };
})();
