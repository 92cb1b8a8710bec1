// What was on the screen already, as stretches [from, to] in time order. Pure.
const Seen = (() => {
  const LONGEST_PAGE_S = 120; // on longer pages no EEG can be read
  const SAME_S = 0.01;

  /** @param {[number, number][]} seen @param {Stretch} view @returns {[number, number][]} */
  function add(seen, { start_s, length_s }) {
    if (length_s > LONGEST_PAGE_S) return seen;
    let from = rounded(start_s);
    let to = rounded(start_s + length_s);
    if (seen.some(([first, last]) => first <= from && to <= last)) return seen;
    /** @type {[number, number][]} */ const others = [];
    for (const one of seen) {
      if (one[1] < from - SAME_S || one[0] > to + SAME_S) others.push(one);
      else {
        from = Math.min(from, one[0]);
        to = Math.max(to, one[1]);
      }
    }
    return [...others, /** @type {[number, number]} */ ([from, to])].sort((a, b) => a[0] - b[0]);
  }

  /** @param {number} time_s */
  function rounded(time_s) {
    return Math.round(100 * time_s) / 100;
  }

  /** @param {[number, number][]} seen @param {number} duration_s */
  function share(seen, duration_s) {
    return seen.reduce((sum, [from, to]) => sum + to - from, 0) / duration_s;
  }

  return { add, share };
})();
