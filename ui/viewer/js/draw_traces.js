// Draws the signals: grid, gaps, traces, labels, the calibration bar and the time axis.
const DrawTraces = (() => {
  /** @param {Canvas2D} c @param {Viewer} v */
  function grid(c, v) {
    const { geometry: g, view, colours } = v;
    const step = Times.tickStep(view.length_s, g.plotWidth, 64);
    const fine = Times.tickStep(view.length_s, g.plotWidth, 9);
    c.lineWidth = 1;
    if (v.settings.grid) {
      lines(c, v, fine, colours.grid);
      lines(c, v, Math.max(step, 1e-9), colours["grid-strong"]);
    }
    return step;
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} step @param {string} colour */
  function lines(c, v, step, colour) {
    const { geometry: g, view } = v;
    c.strokeStyle = colour;
    c.beginPath();
    for (const time of Times.ticks(view.start_s, view.length_s, step, v.phase)) {
      const x = Math.round(Geometry.xOf(g, view, time)) + 0.5;
      c.moveTo(x, g.top - 4);
      c.lineTo(x, g.axis);
    }
    c.stroke();
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number} step */
  function axis(c, v, step) {
    const { geometry: g, view, colours } = v;
    c.fillStyle = colours.ink;
    c.font = `11px ${colours.font}`;
    c.textBaseline = "top";
    c.textAlign = "left";
    const decimals = Times.decimals(step);
    const hasClock = v.clockStart !== null;
    for (const time of Times.ticks(view.start_s, view.length_s, step, v.phase)) {
      if (time > v.info.duration_s + 1e-6) break;
      const x = Geometry.xOf(g, view, time);
      const first = hasClock
        ? Times.clock(time, v.clockStart, decimals)
        : Times.format(time, decimals);
      const room = c.measureText(first).width;
      if (x + room + 3 > g.width) break;
      c.fillStyle = colours["grid-strong"];
      c.fillRect(Math.round(x), g.axis, 1, 5);
      c.fillStyle = colours.ink;
      c.fillText(first, x + 3, g.axis + 4);
      if (hasClock) {
        c.fillStyle = colours.faint;
        c.fillText(Times.format(time, decimals), x + 3, g.axis + 18);
      }
    }
    c.textAlign = "right";
    c.fillStyle = colours.faint;
    c.fillText(texts.t(hasClock ? "axis.clock" : "axis.time"), g.left - 6, g.axis + 4);
    if (hasClock) c.fillText(texts.t("axis.time"), g.left - 6, g.axis + 18);
  }

  /** @param {Canvas2D} c @param {Viewer} v */
  function gaps(c, v) {
    const { geometry: g, view, colours } = v;
    c.fillStyle = colours.gap;
    const beyond = { start_s: v.info.duration_s, stop_s: Infinity };
    for (const gap of [...v.info.gaps, beyond]) {
      const from = Math.max(Geometry.xOf(g, view, gap.start_s), g.left);
      const to = Math.min(Geometry.xOf(g, view, gap.stop_s), g.width);
      if (to > from) c.fillRect(from, g.top - 4, to - from, g.bottom - g.top + 4);
    }
  }

  // Where one file of a sequence ends and the next begins, with the name of the next.
  /** @param {Canvas2D} c @param {Viewer} v */
  function joins(c, v) {
    const { geometry: g, view, colours } = v;
    c.save();
    c.font = `600 11px ${colours.font}`;
    c.textAlign = "left";
    c.textBaseline = "top";
    for (const join of v.info.joins) {
      const x = Math.round(Geometry.xOf(g, view, join.at_s)) + 0.5;
      if (x < g.left - 1 || x > g.width) continue;
      c.strokeStyle = colours.accent;
      c.setLineDash([6, 4]);
      c.beginPath();
      c.moveTo(x, g.top - 4);
      c.lineTo(x, g.axis);
      c.stroke();
      const words = shorten(c, join.file_name, g.width - x - 8);
      c.fillStyle = colours.paper;
      c.fillRect(x + 2, g.top - 4, c.measureText(words).width + 6, 15);
      c.fillStyle = colours.accent;
      c.fillText(words, x + 5, g.top - 2);
    }
    c.restore();
  }

  // Pixels per unit of one row, and the value that lies on its middle.
  /** @param {Viewer} v @param {number} number @param {PagePart[]} parts */
  function rowScale(v, number, parts) {
    const gain = v.gains.get(number) || 1;
    const whole = Signals.extremes(parts, v.view.start_s, v.view.start_s + v.view.length_s);
    if (v.settings.perChannel || !v.isEeg(number)) {
      const span = whole ? Math.max(whole.high - whole.low, 1e-9) : 1;
      const middle = whole ? (whole.high + whole.low) / 2 : 0;
      return { px: (gain * 0.9 * v.geometry.rowHeight) / span, middle };
    }
    const px = gain * Scale.pxPerUnit(v.uvPerMm(), v.settings.pxPerMm);
    const nearest = parts.find((part) => part.holdsMiddle) || parts[0];
    return { px, middle: v.settings.centre && nearest ? nearest.centre : 0 };
  }

  // The filtered EEG, and the unfiltered where it is wished for: under it, or in a view of its own.
  /** @param {Canvas2D} c @param {Viewer} v */
  function traces(c, v) {
    const { geometry: g } = v;
    const pages = v.visiblePages();
    v.scales = new Map(v.shown().map((number) => [number, rowScale(v, number, v.partsOf(number, pages))]));
    const whole = { middles: g.middles, from: g.top - 4, to: g.below ? g.below.y : g.bottom };
    const raw = g.below ? { middles: g.below.middles, from: g.below.y, to: g.bottom } : whole;
    rows(c, v, v.renderer.rawPages(), raw, true);
    rows(c, v, pages, whole, false);
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {Page[]} pages
   * @param {{ middles: number[], from: number, to: number }} place
   * @param {boolean} isRaw
   */
  function rows(c, v, pages, { middles, from, to }, isRaw) {
    const { geometry: g, colours } = v;
    c.save();
    c.beginPath();
    c.rect(g.left, from, g.plotWidth, to - from);
    c.clip();
    c.lineWidth = v.settings.thick ? 1.6 : 1;
    c.lineJoin = "bevel";
    v.shown().forEach((number, i) => {
      const scale = v.scales.get(number);
      const side = v.settings.colourBySide ? v.rows[number].side : "midline";
      const ink = isRaw && !g.below ? colours.raw : colours[side];
      for (const part of v.partsOf(number, pages)) {
        const middle = isRaw && v.settings.centre ? part.centre : scale.middle;
        stroke(c, v, part, middles[i], v.turnOf(number) * scale.px, middle, ink);
      }
    });
    c.restore();
  }

  // Which of two views is which.
  /** @param {Canvas2D} c @param {Viewer} v */
  function captions(c, v) {
    const { geometry: g, colours } = v;
    if (!g.below) return;
    c.fillStyle = colours["grid-strong"];
    c.fillRect(0, Math.round(g.below.y), g.width, 1);
    c.font = `600 11px ${colours.font}`;
    c.textAlign = "left";
    c.textBaseline = "top";
    for (const [name, y] of /** @type {[string, number][]} */ ([["filtered", g.top], ["unfiltered", g.below.y + 4]])) {
      const words = texts.t(`view.${name}`);
      c.fillStyle = colours.paper;
      c.fillRect(g.left + 2, y - 1, c.measureText(words).width + 6, 14);
      c.fillStyle = colours.faint;
      c.fillText(words, g.left + 5, y);
    }
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {PagePart} part
   * @param {number} y
   * @param {number} px
   * @param {number} middle
   * @param {string} ink
   */
  function stroke(c, v, part, y, px, middle, ink) {
    c.strokeStyle = ink;
    c.beginPath();
    trace(c, v, part, y, px, middle);
    c.stroke();
  }

  /**
   * @param {Canvas2D} c
   * @param {Viewer} v
   * @param {PagePart} part
   * @param {number} y
   * @param {number} px
   * @param {number} middle
   */
  function trace(c, v, part, y, px, middle) {
    const { geometry: g, view } = v;
    const toX = g.plotWidth / view.length_s;
    const x0 = g.left + (part.first_s - view.start_s) * toX;
    const dx = part.step_s * toX;
    const first = Math.max(0, Math.floor((g.left - x0) / dx) - 1);
    const last = Math.min(part.n - 1, Math.ceil((g.width - x0) / dx) + 1);
    const a = part.scale * px;
    const b = y + (part.offset - middle) * px;
    const values = part.values;
    if (part.kind === "samples") line(c, values, first, last, x0, dx, a, b);
    else columns(c, values, part.n, first, last, x0 + dx / 2, dx, a, b);
  }

  /**
   * @param {Canvas2D} c
   * @param {Int16Array} values
   * @param {number} first
   * @param {number} last
   * @param {number} x0
   * @param {number} dx
   * @param {number} a
   * @param {number} b
   */
  function line(c, values, first, last, x0, dx, a, b) {
    let isDown = false;
    for (let i = first; i <= last; i += 1) {
      if (values[i] === Signals.NO_SIGNAL) {
        isDown = false;
      } else if (isDown) {
        c.lineTo(x0 + i * dx, b + values[i] * a);
      } else {
        c.moveTo(x0 + i * dx, b + values[i] * a);
        isDown = true;
      }
    }
  }

  // Each column is a vertical stroke, entered from the end that is nearer to the last one.
  /**
   * @param {Canvas2D} c
   * @param {Int16Array} values
   * @param {number} n
   * @param {number} first
   * @param {number} last
   * @param {number} x0
   * @param {number} dx
   * @param {number} a
   * @param {number} b
   */
  function columns(c, values, n, first, last, x0, dx, a, b) {
    let previous = null;
    for (let i = first; i <= last; i += 1) {
      if (values[i] === Signals.NO_SIGNAL) {
        previous = null;
        continue;
      }
      const x = x0 + i * dx;
      let near = b + values[i] * a;
      let far = b + values[n + i] * a;
      if (Math.abs(far - near) < 0.7) far = near + (far < near ? -0.7 : 0.7); // or a flat line is lost
      if (previous !== null && Math.abs(far - previous) < Math.abs(near - previous)) {
        [near, far] = [far, near];
      }
      if (previous === null) c.moveTo(x, near);
      else c.lineTo(x, near);
      c.lineTo(x, far);
      previous = far;
    }
  }

  /** @param {Canvas2D} c @param {Viewer} v */
  function labels(c, v) {
    const { geometry: g } = v;
    for (const middles of [g.middles, ...(g.below ? [g.below.middles] : [])]) namesAt(c, v, middles);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {number[]} middles */
  function namesAt(c, v, middles) {
    const { geometry: g, colours } = v;
    c.textAlign = "right";
    c.textBaseline = "middle";
    const size = Math.max(8, Math.min(12, g.rowHeight * 0.72));
    let free = -Infinity; // from where there is room for the next label
    v.shown().forEach((number, i) => {
      const row = v.rows[number];
      const isChosen = v.pointer && v.pointer.row === number;
      if (middles[i] < free && !isChosen) return;
      free = middles[i] + size;
      c.font = `${isChosen ? "700" : "500"} ${size}px ${colours.font}`;
      c.fillStyle = v.settings.colourBySide ? colours[row.side] : colours.ink;
      const gain = v.gains.get(number) || 1;
      const suffix = gain === 1 ? "" : ` \u00d7${gain}`;
      c.fillText(shorten(c, row.label + suffix, g.left - 8), g.left - 6, middles[i]);
    });
  }

  /** @param {Canvas2D} c @param {string} text @param {number} room */
  function shorten(c, text, room) {
    let short = text;
    while (short.length > 3 && c.measureText(short).width > room) short = short.slice(0, -2) + "\u2026";
    return short;
  }

  // Height of a round number of microvolts and width of a round time, below the traces.
  /** @param {Canvas2D} c @param {Viewer} v */
  function calibrationBar(c, v) {
    const { geometry: g, view, colours } = v;
    if (!g.scale) return;
    const px = Scale.pxPerUnit(v.uvPerMm(), v.settings.pxPerMm);
    const high = Scale.calibration(px, g.scale.height - 7);
    const wide = Scale.calibration(g.plotWidth / view.length_s, 96);
    const x = g.width - 14;
    const y = g.scale.y + g.scale.height - 4;
    const words = `${high.units} \u00b5V  \u00b7  ${Times.duration(wide.units)}`;
    c.font = `600 11px ${colours.font}`;
    c.lineJoin = "miter";
    c.strokeStyle = colours.ink;
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(x - wide.px, y);
    c.lineTo(x, y);
    c.lineTo(x, y - high.px);
    c.stroke();
    c.fillStyle = colours.ink;
    c.textAlign = "right";
    c.textBaseline = "middle";
    c.fillText(words, x - wide.px - 8, y - 8);
  }

  return { grid, axis, gaps, joins, traces, captions, labels, calibrationBar, rowScale };
})();
