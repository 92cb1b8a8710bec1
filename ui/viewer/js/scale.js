// Millimetres, microvolts and pixels: sensitivity, paper speed, rows on the screen. Pure.
const Scale = (() => {
  const PX_PER_MM = 96 / 25.4;
  const SENSITIVITIES = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000];
  const LENGTHS_S = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600];
  const SPEEDS_MM_S = [7.5, 15, 30, 60];
  const NICE = [1, 2, 5];
  const GROUP_GAP = 0.6; // of a row
  const ROW_UV = 80;
  const USUAL_HEIGHT_PX = 520; // of all rows together, on a common screen
  const LEAST_ROW_PX = 11;
  const STRONG_ROWS = 2; // that most traces may fill before they are drawn smaller

  // The neighbour in a list of choices, for keys and buttons; the list's end stays.
  /** @param {number[]} choices @param {number} value @param {number} direction */
  function step(choices, value, direction) {
    if (direction > 0) return choices.find((c) => c > value * 1.0001) ?? choices.at(-1);
    return choices.findLast((c) => c < value * 0.9999) ?? choices[0];
  }

  /** @param {number} uv_per_mm @param {number} px_per_mm */
  function pxPerUnit(uv_per_mm, px_per_mm) {
    return px_per_mm / uv_per_mm;
  }

  // Rows of a usual screen, whatever this one gives them: amplitudes can be compared by eye only
  // where the same page is drawn alike in every tab and window.
  /** @param {number} n_channels */
  function usualRow(n_channels) {
    return Math.max(USUAL_HEIGHT_PX / Math.max(n_channels, 1), LEAST_ROW_PX);
  }

  // A sensitivity at which background EEG fills its rows, for those who have not chosen one.
  /** @param {number} n_channels @param {number} px_per_mm */
  function background(n_channels, px_per_mm) {
    const uv_per_mm = Math.max((ROW_UV * px_per_mm) / usualRow(n_channels), 7);
    return step(SENSITIVITIES, uv_per_mm * 0.84, 1);
  }

  // Until a sensitivity is chosen: that of background EEG, or less on a page so strong that its
  // traces would cover each other, as in a seizure.
  /** @param {number} n_channels @param {number[]} ranges @param {number} px_per_mm */
  function automatic(n_channels, ranges, px_per_mm) {
    const quiet = background(n_channels, px_per_mm);
    if (!ranges.length) return quiet;
    const sorted = [...ranges].sort((a, b) => a - b);
    const usual = sorted[Math.floor(0.75 * (sorted.length - 1))];
    const needed = (usual * px_per_mm) / (STRONG_ROWS * usualRow(n_channels));
    if (needed <= quiet) return quiet;
    return SENSITIVITIES.find((uv_per_mm) => uv_per_mm >= needed) ?? SENSITIVITIES.at(-1);
  }

  // The largest round number of units that is at most `px` high.
  /** @param {number} units */
  function niceBelow(units) {
    if (!(units > 0)) return 1;
    const power = 10 ** Math.floor(Math.log10(units));
    const factor = NICE.findLast((nice) => nice * power <= units * 1.0001) ?? 1;
    return factor * power;
  }

  /** @param {number} px_per_unit @param {number} px */
  function calibration(px_per_unit, px) {
    const units = niceBelow(px / px_per_unit);
    return { units, px: units * px_per_unit };
  }

  // Middle of each row, groups set apart by a small gap.
  /** @param {string[]} groups @param {number} top @param {number} height */
  function layOut(groups, top, height) {
    const gaps = groups.filter((group, i) => i > 0 && group !== groups[i - 1]).length;
    const rowHeight = height / Math.max(groups.length + gaps * GROUP_GAP, 1);
    let y = top;
    const middles = groups.map((group, i) => {
      if (i > 0 && group !== groups[i - 1]) y += GROUP_GAP * rowHeight;
      y += rowHeight;
      return y - rowHeight / 2;
    });
    return { rowHeight, middles };
  }

  /** @param {number[]} middles @param {number} y */
  function nearestRow(middles, y) {
    let best = -1;
    middles.forEach((middle, i) => {
      if (best < 0 || Math.abs(middle - y) < Math.abs(middles[best] - y)) best = i;
    });
    return best;
  }

  return {
    PX_PER_MM, SENSITIVITIES, LENGTHS_S, SPEEDS_MM_S,
    step, background, automatic, pxPerUnit, niceBelow, calibration, layOut, nearestRow,
  };
})();
