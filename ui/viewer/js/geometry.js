// Positions of everything on the canvas, in CSS pixels. Pure.
const Geometry = (() => {
  const LANE = 18;
  const PROBABILITY = 46;
  const MOVABLE_PROBABILITY = 76; // with a threshold to drag
  const BELOW_0 = 4;
  const ABOVE_1 = 8;
  const SCALE = 30; // for the bars of the scale, below the lowest trace
  const AXIS = 34;
  const LEAST_ROW = 6; // so that 64 channels, the probability and the times stand on one screen
  const NARROW = 560;

  /** @param {RecordingInfo} info */
  function lanesOf(info) {
    const lanes = [];
    if (info.annotations.length) lanes.push("annotations");
    if (info.references.length) lanes.push("references");
    if (info.predictions.length) lanes.push("predictions");
    return [...lanes, "marks"];
  }

  /** @param {RecordingInfo} info @param {number} nRows @param {boolean} hasScale */
  function leastHeight(info, nRows, hasScale) {
    const lanes = lanesOf(info).length * LANE;
    return lanes + nRows * LEAST_ROW + below(info, hasScale) + AXIS + 8;
  }

  // What stands between the traces and the time axis.
  /** @param {RecordingInfo} info @param {boolean} hasScale */
  function below(info, hasScale) {
    return (hasScale ? SCALE : 0) + probabilityHeight(info);
  }

  /** @param {RecordingInfo} info */
  function probabilityHeight(info) {
    if (!info.has_trace) return 0;
    return info.default_threshold === null ? PROBABILITY : MOVABLE_PROBABILITY;
  }

  // Where a probability stands in its lane, and which one stands at a height.
  /** @param {Band} lane @param {number} probability */
  function yOfProbability(lane, probability) {
    return lane.y + lane.height - BELOW_0 - probability * (lane.height - BELOW_0 - ABOVE_1);
  }

  /** @param {Band} lane @param {number} y */
  function probabilityAt(lane, y) {
    return (lane.y + lane.height - BELOW_0 - y) / (lane.height - BELOW_0 - ABOVE_1);
  }

  /**
   * @param {RecordingInfo} info
   * @param {string[]} groups
   * @param {number} width
   * @param {number} height
   * @param {boolean} hasScale
   * @param {number} nViews one, or two of the same rows, one below the other
   */
  function of(info, groups, width, height, hasScale, nViews) {
    const left = width < NARROW ? 58 : 78;
    const lanes = lanesOf(info).map((id, i) => ({ id, y: i * LANE, height: LANE }));
    const top = lanes.length * LANE + 4;
    const axis = height - AXIS;
    const bottom = axis - below(info, hasScale);
    const room = Math.max((bottom - top - 4) / nViews, 1);
    const rows = Scale.layOut(groups, top, room);
    return {
      width, height, left, top, bottom, axis, lanes,
      plotWidth: Math.max(width - left, 1),
      scale: hasScale ? { y: bottom, height: SCALE } : null,
      probability: info.has_trace
        ? { y: axis - probabilityHeight(info), height: probabilityHeight(info) } : null,
      middles: rows.middles,
      rowHeight: rows.rowHeight,
      below: nViews > 1 ? { y: top + room, middles: rows.middles.map((y) => y + room) } : null,
    };
  }

  // Which row is nearest to a height, in the view that is there.
  /** @param {Laid} geometry @param {number} y */
  function rowAt({ middles, below }, y) {
    return Scale.nearestRow(below && y >= below.y ? below.middles : middles, y);
  }

  /** @param {Laid} geometry @param {Stretch} view @param {number} time_s */
  function xOf(geometry, view, time_s) {
    return geometry.left + ((time_s - view.start_s) / view.length_s) * geometry.plotWidth;
  }

  /** @param {Laid} geometry @param {Stretch} view @param {number} x */
  function timeAt(geometry, view, x) {
    return view.start_s + ((x - geometry.left) / geometry.plotWidth) * view.length_s;
  }

  /** @param {Laid} geometry @param {number} y */
  function laneAt(geometry, y) {
    return geometry.lanes.find((lane) => y >= lane.y && y < lane.y + lane.height) || null;
  }

  return { of, lanesOf, leastHeight, rowAt, xOf, timeAt, laneAt, yOfProbability, probabilityAt };
})();
