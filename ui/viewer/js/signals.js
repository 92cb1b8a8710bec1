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

  // Frequency by crossings of the mean, from single samples; null where these are not known.
  /** @param {PageValues[]} parts @param {number} from_s @param {number} to_s */
  function crossingFrequency(parts, from_s, to_s) {
    const values = [];
    for (const row of parts) {
      if (row.kind !== "samples") return null;
      const last = Math.min(row.n - 1, indexAt(row, to_s));
      for (let i = Math.max(0, indexAt(row, from_s)); i <= last; i += 1) {
        if (row.values[i] === NO_SIGNAL) return null;
        values.push(row.offset + row.scale * row.values[i]);
      }
    }
    if (values.length < 4) return null;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    let crossings = 0;
    for (let i = 1; i < values.length; i += 1) {
      if (values[i - 1] < mean !== values[i] < mean) crossings += 1;
    }
    return crossings >= 2 ? crossings / 2 / (to_s - from_s) : null;
  }

  return { NO_SIGNAL, decode, unpack, indexAt, valueAt, extremes, usualRange, crossingFrequency };
})();
