// Draws what happened: events in lanes above the signals and shaded through them, probability.
const DrawLanes = (() => {
  const LEAST_LETTERS = 3; // of a shortened label
  const LEAST_ROOM_PX = 12;

  /** @param {Viewer} v @param {string} lane @returns {LaneEvent[]} */
  function eventsOf(v, lane) {
    if (lane === "annotations") return v.info.annotations;
    if (lane === "references") return v.info.references;
    if (lane === "marks") return v.state().marks;
    const { predictions } = v.info;
    const isShifted = Object.keys(v.state().shifts ?? {}).length > 0;
    return isShifted ? predictions.map((event, i) => v.candidate(event, i)) : predictions;
  }

  // All events of all lanes, each with the name of its lane.
  /** @param {Viewer} v */
  function everyEvent(v) {
    return Geometry.lanesOf(v.info).flatMap((lane) =>
      eventsOf(v, lane).map((event, number) => ({ ...event, lane, number })));
  }

  /** @param {Viewer} v @param {string} lane @param {number} i */
  function isRejected(v, lane, i) {
    return lane === "predictions" && v.state().decisions[i] === "rejected";
  }

  /** @param {Viewer} v @param {Timed} event */
  function span(v, event) {
    const x = Geometry.xOf(v.geometry, v.view, event.onset_s);
    const end = Geometry.xOf(v.geometry, v.view, event.onset_s + event.duration_s);
    return { x, width: Math.max(end - x, 2) };
  }

  /** @param {Canvas2D} c @param {Viewer} v */
  function shades(c, v) {
    const { geometry: g, colours } = v;
    for (const lane of ["references", "predictions", "marks"]) {
      const events = eventsOf(v, lane);
      for (const i of OnPage.numbers(events, v.view)) {
        if (isRejected(v, lane, i)) continue;
        const event = events[i];
        const { x, width } = span(v, event);
        c.fillStyle = colours[lane];
        const from = Math.max(x, g.left);
        const wide = Math.min(x + width, g.width) - from;
        for (const { y, height, alpha } of bandsOf(v, event)) {
          c.globalAlpha = alpha;
          c.fillRect(from, y, wide, height);
          c.globalAlpha = 0.75;
          for (const edge of [x, x + width]) {
            if (edge >= g.left && edge <= g.width) c.fillRect(edge, y, 1, height);
          }
        }
        c.globalAlpha = 1;
      }
    }
  }

  // Over which traces an event is shaded: all, or those of its channels that are shown.
  /** @param {Viewer} v @param {LaneEvent} event */
  function bandsOf(v, { channels = [] }) {
    const { geometry: g } = v;
    if (!channels.length) return [{ y: g.top - 4, height: g.bottom - g.top + 4, alpha: 0.06 }];
    const views = [g.middles, ...(g.below ? [g.below.middles] : [])];
    return v.shown().flatMap((number, i) => (channels.includes(v.rows[number].label)
      ? views.map((middles) => ({ y: middles[i] - g.rowHeight / 2, height: g.rowHeight, alpha: 0.16 }))
      : []));
  }

  /** @param {Canvas2D} c @param {Viewer} v */
  function lanes(c, v) {
    const { geometry: g, colours } = v;
    for (const lane of g.lanes) {
      c.fillStyle = colours.faint;
      c.font = `11px ${colours.font}`;
      c.textAlign = "right";
      c.textBaseline = "middle";
      c.fillText(texts.t(`lane.${lane.id}`), g.left - 6, lane.y + lane.height / 2);
      c.save();
      c.beginPath();
      c.rect(g.left, lane.y, g.plotWidth, lane.height);
      c.clip();
      const bars = barsOf(v, lane.id);
      for (const bar of bars) drawBar(c, v, lane, bar);
      drawWords(c, v, lane, bars);
      c.restore();
    }
    c.fillStyle = colours["grid-strong"];
    c.fillRect(0, g.top - 5, g.width, 1);
  }

  // The events of a lane that lie on the page, in time order, cut to the page.
  /** @param {Viewer} v @param {string} lane @returns {LaneBar[]} */
  function barsOf(v, lane) {
    const { geometry: g } = v;
    const events = eventsOf(v, lane);
    return OnPage.numbers(events, v.view)
      .map((i) => ({ event: events[i], rejected: isRejected(v, lane, i) }))
      .map((bar) => ({ ...bar, ...span(v, bar.event) }))
      .map((bar) => ({ ...bar, from: Math.max(bar.x, g.left), to: Math.min(bar.x + bar.width, g.width) }))
      .sort((a, b) => a.from - b.from || a.to - b.to);
  }

  /** @param {Canvas2D} c @param {Viewer} v @param {Lane} lane @param {LaneBar} given */
  function drawBar(c, v, lane, { x, width, rejected }) {
    c.fillStyle = c.strokeStyle = v.colours[lane.id];
    c.globalAlpha = rejected ? 0.35 : lane.id === "annotations" ? 0.5 : 0.9;
    c.beginPath();
    c.roundRect(x, lane.y + 2, width, lane.height - 4, 2);
    if (rejected) c.stroke();
    else c.fill();
    c.globalAlpha = 1;
  }

  // Each event's words lie in its bar or right after it, never on another event's bar; what does
  // not fit is shortened, and left out where nothing readable would remain.
  /** @param {Canvas2D} c @param {Viewer} v @param {Lane} lane @param {LaneBar[]} bars */
  function drawWords(c, v, lane, bars) {
    const { geometry: g, colours } = v;
    c.textAlign = "left";
    wordsOf(bars, g.width, (bar) => label(lane.id, bar.event), (words) => c.measureText(words).width)
      .forEach(({ bar, words, at, isInside }) => {
        const isOnColour = isInside && lane.id !== "annotations" && !bar.rejected;
        c.fillStyle = isOnColour ? colours.paper : colours.ink;
        c.fillText(words, at, lane.y + lane.height / 2 + 0.5);
      });
  }

  // Where the words of the bars of one lane go, and how much of them. Pure.
  /**
   * @param {LaneBar[]} bars
   * @param {number} end
   * @param {(bar: LaneBar) => string} labelOf
   * @param {(words: string) => number} widthOf
   */
  function wordsOf(bars, end, labelOf, widthOf) {
    /** @type {{ bar: LaneBar, words: string, at: number, isInside: boolean }[]} */
    const found = [];
    let reach = -Infinity; // how far to the right earlier bars and words lie
    bars.forEach((bar, i) => {
      const next = i + 1 < bars.length ? bars[i + 1].from : end;
      const whole = labelOf(bar);
      const places = [
        { at: Math.max(bar.from, reach) + 4, until: Math.min(bar.to, next) - 2, isInside: true },
        // Right after its bar, or nowhere: further on it would seem to be another event's.
        { at: bar.to + 4, until: reach > bar.to ? bar.to : next - 2, isInside: false },
      ].map((place) => ({ ...place, words: shortened(whole, place.until - place.at, widthOf) }));
      const best = places.find(({ words }) => words === whole)
        || (places[1].words.length > places[0].words.length ? places[1] : places[0]);
      reach = Math.max(reach, bar.to);
      if (!best.words) return;
      found.push({ bar, ...best });
      reach = Math.max(reach, best.at + widthOf(best.words));
    });
    return found;
  }

  /** @param {string} words @param {number} room @param {(words: string) => number} widthOf */
  function shortened(words, room, widthOf) {
    if (room < LEAST_ROOM_PX) return "";
    if (widthOf(words) <= room) return words;
    for (let n = words.length - 1; n >= LEAST_LETTERS; n -= 1) {
      const short = `${words.slice(0, n).trimEnd()}\u2026`;
      if (widthOf(short) <= room) return short;
    }
    return "";
  }

  /** @param {string} lane @param {LaneEvent} event */
  function label(lane, event) {
    if (lane === "annotations") return event.text;
    const kind = texts.kind(event.kind);
    // How sure a model was belongs to its candidate, not to the mark a person made of it.
    const isSure = lane === "marks" && event.origin !== "imported" ? false : event.confidence !== null;
    const place = event.channels?.length ? event.channels.join(", ") : event.side && texts.t(`side.${event.side}`);
    const said = place ? `${kind} (${place})` : kind;
    const words = isSure ? `${said} ${percent(event.confidence)}` : said;
    return event.text ? `${words}: ${event.text}` : words;
  }

  // Never rounded to certainty: only 1 is 100 % and only 0 is 0 %.
  /** @param {number} share */
  function percent(share) {
    const value = 100 * share;
    const isNearEnd = (value > 99 && value < 100) || (value > 0 && value < 1);
    const tenths = Math.min(Math.max(Math.round(10 * value), 1), 999) / 10;
    return `${texts.number(isNearEnd ? tenths : Math.round(value), isNearEnd ? 1 : 0)} %`;
  }

  // The model's output as a stepped area below the signals, with its threshold.
  /** @param {Canvas2D} c @param {Viewer} v */
  function probability(c, v) {
    const { geometry: g, colours, view } = v;
    if (!g.probability) return;
    const { y, height } = g.probability;
    /** @param {number} value */
    const yOf = (value) => Geometry.yOfProbability(g.probability, value);
    c.fillStyle = colours["grid-strong"];
    c.fillRect(0, y, g.width, 1);
    c.save();
    c.beginPath();
    c.rect(g.left, y, g.plotWidth, height);
    c.clip();
    c.fillStyle = colours.predictions;
    for (const page of v.visiblePages()) {
      if (!page.probability) continue;
      const n = page.probability.length;
      const step = page.length_s / n;
      for (let i = 0; i < n; i += 1) {
        if (page.probability[i] === Signals.NO_SIGNAL) continue;
        const x = Geometry.xOf(g, view, page.start_s + i * step);
        const wide = (step / view.length_s) * g.plotWidth;
        const top = yOf(page.probability[i] / 10000);
        c.globalAlpha = 0.28;
        c.fillRect(x, top, wide + 0.3, yOf(0) - top);
        c.globalAlpha = 1;
        c.fillRect(x, top - 0.75, wide + 0.3, 1.5);
      }
    }
    const threshold = v.shownThreshold();
    if (threshold !== null) {
      c.strokeStyle = colours.ink;
      c.globalAlpha = 0.6;
      c.setLineDash([5, 4]);
      c.beginPath();
      c.moveTo(g.left, yOf(threshold));
      c.lineTo(g.width, yOf(threshold));
      c.stroke();
      c.setLineDash([]);
      c.globalAlpha = 1;
    }
    c.restore();
    c.fillStyle = colours.faint;
    c.font = `11px ${colours.font}`;
    c.textAlign = "right";
    c.textBaseline = "middle";
    c.fillText(texts.t("lane.probability"), g.left - 6, y + height / 2);
  }

  // The event under a point of the lanes, and which part of it.
  /** @param {Viewer} v @param {number} x @param {number} y @returns {Hit | null} */
  function hit(v, x, y) {
    const lane = Geometry.laneAt(v.geometry, y);
    if (!lane) return null;
    const events = eventsOf(v, lane.id);
    for (const i of OnPage.numbers(events, v.view).reverse()) {
      const { x: from, width } = span(v, events[i]);
      if (x < from - 5 || x > from + width + 5) continue;
      const reach = Math.min(6, width / 3);
      const part = x < from + reach ? "start" : x > from + width - reach ? "end" : "whole";
      return { lane: lane.id, index: i, event: events[i], part };
    }
    return null;
  }

  return { eventsOf, everyEvent, bandsOf, shades, lanes, probability, hit, label, wordsOf };
})();
