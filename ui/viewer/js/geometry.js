// Where everything stands on the canvas, in CSS pixels. Pure.
const Geometry = (() => {
  const LANE = 18;
  const PROBABILITY = 46;
  const AXIS = 34;
  const LEAST_ROW = 11;
  const NARROW = 560;

  function lanesOf(info) {
    const lanes = [];
    if (info.annotations.length) lanes.push("annotations");
    if (info.references.length) lanes.push("references");
    if (info.predictions.length) lanes.push("predictions");
    return [...lanes, "marks"];
  }

  function leastHeight(info, nRows) {
    const lanes = lanesOf(info).length * LANE;
    return lanes + nRows * LEAST_ROW + (info.has_trace ? PROBABILITY : 0) + AXIS + 8;
  }

  function of(info, groups, width, height) {
    const left = width < NARROW ? 58 : 78;
    const lanes = lanesOf(info).map((id, i) => ({ id, y: i * LANE, height: LANE }));
    const top = lanes.length * LANE + 4;
    const axis = height - AXIS;
    const bottom = axis - (info.has_trace ? PROBABILITY : 0);
    const rows = Scale.layOut(groups, top, Math.max(bottom - top - 4, 1));
    return {
      width, height, left, top, bottom, axis, lanes,
      plotWidth: Math.max(width - left, 1),
      probability: info.has_trace ? { y: bottom, height: PROBABILITY } : null,
      middles: rows.middles,
      rowHeight: rows.rowHeight,
    };
  }

  function xOf(geometry, view, time_s) {
    return geometry.left + ((time_s - view.start_s) / view.length_s) * geometry.plotWidth;
  }

  function timeAt(geometry, view, x) {
    return view.start_s + ((x - geometry.left) / geometry.plotWidth) * view.length_s;
  }

  function laneAt(geometry, y) {
    return geometry.lanes.find((lane) => y >= lane.y && y < lane.y + lane.height) || null;
  }

  return { of, lanesOf, leastHeight, xOf, timeAt, laneAt };
})();
