// Pages as the server sends them, and what can be read off them. Pure.
const Signals = (() => {
  const NO_SIGNAL = -32768;

  /** @param {string} text */
  function decode(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
    return new Int16Array(bytes.buffer);
  }

  // Gives each row of an answer its own part of the values.
  /**
   * @param {PageAnswer} answer
   * @returns {Page}
   */
  function unpack(answer) {
    const values = decode(answer.data);
    let position = 0;
    const rows = new Map();
    for (const row of answer.rows) {
      const width = row.kind === "extremes" ? 2 * row.n : row.n;
      rows.set(row.row, { ...row, values: values.subarray(position, position + width) });
      position += width;
    }
    return {
      start_s: answer.start_s,
      length_s: answer.length_s,
      fraction: answer.fraction,
      probability: answer.probability ? decode(answer.probability) : null,
      rows,
    };
  }

  /** @param {PageValues} row @param {number} time_s */
  function indexAt(row, time_s) {
    const position = (time_s - row.first_s) / row.step_s;
    return row.kind === "samples" ? Math.round(position) : Math.floor(position);
  }

  // The value at a moment: {low, high}, equal where single samples are known; null in gaps.
  /** @param {PageValues} row @param {number} time_s */
  function valueAt(row, time_s) {
    const i = indexAt(row, time_s);
    if (i < 0 || i >= row.n || row.values[i] === NO_SIGNAL) return null;
    const low = row.offset + row.scale * row.values[i];
    if (row.kind === "samples") return { low, high: low };
    return { low, high: row.offset + row.scale * row.values[row.n + i] };
  }

  // Smallest and largest value in [from, to] over the parts of a row on several pages.
  /** @param {PageValues[]} parts @param {number} from_s @param {number} to_s */
  function extremes(parts, from_s, to_s) {
    let low = Infinity;
    let high = -Infinity;
    for (const row of parts) {
      const first = Math.max(0, indexAt(row, from_s));
      const last = Math.min(row.n - 1, indexAt(row, to_s));
      const top = row.kind === "samples" ? 0 : row.n;
      for (let i = first; i <= last; i += 1) {
        if (row.values[i] === NO_SIGNAL) continue;
        low = Math.min(low, row.offset + row.scale * row.values[i]);
        high = Math.max(high, row.offset + row.scale * row.values[top + i]);
      }
    }
    return low <= high ? { low, high } : null;
  }

  const RANGE_PIECES = 25;

  // How far a trace usually swings: the middle one of the spans of short pieces, so that a
  // single artefact does not count.
  /** @param {PageValues[]} parts @param {number} from_s @param {number} to_s */
  function usualRange(parts, from_s, to_s) {
    const piece = (to_s - from_s) / RANGE_PIECES;
    const spans = [];
    for (let i = 0; i < RANGE_PIECES; i += 1) {
      const found = extremes(parts, from_s + i * piece, from_s + (i + 1) * piece);
      if (found) spans.push(found.high - found.low);
    }
    return spans.length ? spans.sort((a, b) => a - b)[spans.length >> 1] : null;
  }

  const CYCLE_DEVIATIONS = 0.5; // a wave goes this far beyond the mean on both sides; wiggles do not
  const LEAST_POINTS = 4; // of a cycle

  // Moments and values of a row on several pages, of columns their middles; null in a gap.
  /** @param {PageValues[]} parts @param {number} from_s @param {number} to_s */
  function points(parts, from_s, to_s) {
    /** @type {[number, number][]} */ const found = [];
    for (const row of parts) {
      const isSamples = row.kind === "samples";
      const top = isSamples ? 0 : row.n;
      const last = Math.min(row.n - 1, indexAt(row, to_s));
      for (let i = Math.max(0, indexAt(row, from_s)); i <= last; i += 1) {
        if (row.values[i] === NO_SIGNAL) return null;
        const time_s = row.first_s + (isSamples ? i : i + 0.5) * row.step_s;
        const value = row.offset + (row.scale * (row.values[i] + row.values[top + i])) / 2;
        if (!found.length || time_s > found.at(-1)[0]) found.push([time_s, value]);
      }
    }
    return found;
  }

  // Whole cycles of a rhythm, from the first to the last rise through the mean: when they begin
  // and end, how long and, from trough to crest, how high they are on average. Null without one.
  /** @param {PageValues[]} parts @param {number} from_s @param {number} to_s @returns {Cycles | null} */
  function cycles(parts, from_s, to_s) {
    const known = points(parts, from_s, to_s);
    if (!known || known.length < LEAST_POINTS) return null;
    const mean = known.reduce((sum, [, value]) => sum + value, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((sum, [, value]) => sum + (value - mean) ** 2, 0) / known.length);
    const times = rises(known, mean, CYCLE_DEVIATIONS * deviation);
    const n = times.length - 1;
    if (n < 1) return null;
    const period_s = (times[n] - times[0]) / n;
    if (period_s < LEAST_POINTS * Math.max(...parts.map((row) => row.step_s))) return null;
    const heights = times.slice(1).map((end, i) => extremes(parts, times[i], end)).map(({ low, high }) => high - low);
    return { n, times, period_s, amplitude: heights.reduce((sum, one) => sum + one, 0) / n };
  }

  // When a signal rises through a level, having been well below it and on the way well above.
  /** @param {[number, number][]} known @param {number} level @param {number} margin */
  function rises(known, level, margin) {
    const found = [];
    let wasLow = false;
    let crossed_s = NaN;
    for (let i = 1; i < known.length; i += 1) {
      const [before_s, before] = known[i - 1];
      const [time_s, value] = known[i];
      if (before < level - margin) wasLow = true;
      if (before < level && value >= level) {
        crossed_s = before_s + ((level - before) / (value - before)) * (time_s - before_s);
      }
      if (wasLow && value > level + margin) {
        found.push(crossed_s);
        wasLow = false;
      }
    }
    return found;
  }

  return { NO_SIGNAL, decode, unpack, indexAt, valueAt, extremes, usualRange, cycles };
})();
