// Draws what follows the pointer, on a canvas of its own: crosshair, selection, measurement.
const DrawOverlay = (() => {
  /** @param {Canvas2D} c @param {Viewer} v */
  function draw(c, v) {
    const { geometry: g } = v;
    c.clearRect(0, 0, g.width, g.height);
    c.save();
    c.beginPath();
    c.rect(g.left, 0, g.plotWidth, g.axis);
    c.clip(); // what lies beyond the page is not drawn over the names
    if (v.selection && isOnPage(v, v.selection)) selection(c, v, v.selection);
    if (v.measurement && isOnPage(v, v.measurement)) measurement(c, v, v.measurement);
    c.restore();
    if (v.pointer && v.pointer.x >= g.left) crosshair(c, v);
  }

  /** @param {Viewer} v @param {{ from_s: number, to_s: number }} given */
  function isOnPage(v, { from_s, to_s }) {
    return View.holds(v.view, { onset_s: Math.min(from_s, to_s), duration_s: Math.abs(to_s - from_s) });
  }

  /** @param {Canvas2D} c @param {Viewer} v */
  function crosshair(c, v) {
    const { geometry: g, colours, pointer } = v;
    const x = Math.round(Geometry.xOf(g, v.view, pointer.time_s)) + 0.5;
    c.strokeStyle = colours.accent;
    c.globalAlpha = 0.55;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x, 0);
    c.lineTo(x, g.axis);
    c.stroke();
    c.globalAlpha = 1;
    const at = v.rowIndex(pointer.row);
    if (at < 0 || !pointer.value) return;
    const scale = v.scales.get(pointer.row);
    const turn = v.turnOf(pointer.row);
    const middle = (pointer.value.low + pointer.value.high) / 2;
    const y = g.middles[at] + turn * scale.px * (middle - scale.middle);
    c.fillStyle = colours.accent;
    c.beginPath();
    c.arc(x, y, 3, 0, 7);
    c.fill();
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {SelectedTime} given */
  function selection(c, v, { from_s, to_s, kind }) {
    const { geometry: g, colours } = v;
    const from = Geometry.xOf(g, v.view, Math.min(from_s, to_s));
    const to = Geometry.xOf(g, v.view, Math.max(from_s, to_s));
    c.fillStyle = kind === "mark" ? colours.marks : colours.accent;
    c.globalAlpha = 0.18;
    c.fillRect(from, 0, to - from, g.axis);
    c.globalAlpha = 1;
    c.fillRect(from, 0, 1, g.axis);
    c.fillRect(to, 0, 1, g.axis);
    tag(c, v, [Times.duration(Math.abs(to_s - from_s))], (from + to) / 2, g.top + 2);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {Caliper} m */
  function measurement(c, v, m) {
    const { geometry: g, colours } = v;
    const at = v.rowIndex(m.row);
    if (at < 0) return;
    const from = Geometry.xOf(g, v.view, m.from_s);
    const to = Geometry.xOf(g, v.view, m.to_s);
    const scale = v.scales.get(m.row);
    const turn = v.turnOf(m.row);
    /** @param {number} value */
    const yOf = (value) => g.middles[at] + turn * scale.px * (value - scale.middle);
    const low = m.range ? yOf(m.range.low) : g.middles[at];
    const high = m.range ? yOf(m.range.high) : g.middles[at];
    c.strokeStyle = colours.accent;
    c.fillStyle = colours.accent;
    c.globalAlpha = 0.12;
    c.fillRect(from, Math.min(low, high), to - from, Math.abs(high - low));
    c.globalAlpha = 1;
    c.lineWidth = 1.2;
    c.strokeRect(from, Math.min(low, high), to - from, Math.abs(high - low));
    c.globalAlpha = 0.6;
    for (const time_s of m.cycles?.times ?? []) {
      c.fillRect(Geometry.xOf(g, v.view, time_s), Math.min(low, high), 1, Math.abs(high - low));
    }
    c.globalAlpha = 1;
    tag(c, v, m.lines, (from + to) / 2, Math.min(low, high) - 6 - 15 * m.lines.length);
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {string[]} lines
   * @param {number} x
   * @param {number} y
   */
  function tag(c, v, lines, x, y) {
    const { geometry: g, colours } = v;
    c.font = `600 12px ${colours.font}`;
    const width = Math.max(...lines.map((text) => c.measureText(text).width)) + 12;
    const left = Math.min(Math.max(x - width / 2, g.left + 2), g.width - width - 2);
    const top = Math.min(Math.max(y, 2), g.axis - 15 * lines.length - 8);
    c.fillStyle = colours.paper;
    c.globalAlpha = 0.93;
    c.beginPath();
    c.roundRect(left, top, width, 15 * lines.length + 6, 4);
    c.fill();
    c.globalAlpha = 1;
    c.strokeStyle = colours.accent;
    c.lineWidth = 1;
    c.stroke();
    c.fillStyle = colours.ink;
    c.textAlign = "left";
    c.textBaseline = "top";
    lines.forEach((text, i) => c.fillText(text, left + 6, top + 4 + 15 * i));
  }

  return { draw };
})();
