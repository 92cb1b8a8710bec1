// Draws what happened: events in lanes above the signals and shaded through them, probability.
const DrawLanes = (() => {
  function eventsOf(v, lane) {
    if (lane === "annotations") return v.info.annotations;
    if (lane === "references") return v.info.references;
    if (lane === "predictions") return v.info.predictions;
    return v.state().marks;
  }

  function isRejected(v, lane, i) {
    return lane === "predictions" && v.state().decisions[i] === "rejected";
  }

  function span(v, event) {
    const x = Geometry.xOf(v.geometry, v.view, event.onset_s);
    const end = Geometry.xOf(v.geometry, v.view, event.onset_s + event.duration_s);
    return { x, width: Math.max(end - x, 2) };
  }

  function shades(c, v) {
    const { geometry: g, colours } = v;
    for (const lane of ["references", "predictions", "marks"]) {
      eventsOf(v, lane).forEach((event, i) => {
        const { x, width } = span(v, event);
        if (x > g.width || x + width < g.left || isRejected(v, lane, i)) return;
        c.fillStyle = colours[lane];
        c.globalAlpha = 0.06;
        const from = Math.max(x, g.left);
        c.fillRect(from, g.top - 4, Math.min(x + width, g.width) - from, g.bottom - g.top + 4);
        c.globalAlpha = 0.75;
        for (const edge of [x, x + width]) {
          if (edge >= g.left && edge <= g.width) c.fillRect(edge, g.top - 4, 1, g.bottom - g.top + 4);
        }
        c.globalAlpha = 1;
      });
    }
  }

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
      let free = -Infinity; // where the last word ends: words never lie over each other
      eventsOf(v, lane.id).forEach((event, i) => {
        free = one(c, v, lane, event, free, isRejected(v, lane.id, i));
      });
      c.restore();
    }
    c.fillStyle = colours["grid-strong"];
    c.fillRect(0, g.top - 5, g.width, 1);
  }

  function one(c, v, lane, event, free, rejected) {
    const { geometry: g, colours } = v;
    const { x, width } = span(v, event);
    if (x > g.width || x + width < g.left - 200) return free;
    const y = lane.y + 2;
    const height = lane.height - 4;
    c.fillStyle = c.strokeStyle = colours[lane.id];
    c.globalAlpha = rejected ? 0.35 : lane.id === "annotations" ? 0.5 : 0.9;
    c.beginPath();
    c.roundRect(x, y, width, height, 2);
    if (rejected) c.stroke();
    else c.fill();
    c.globalAlpha = 1;
    const words = label(lane.id, event);
    const begin = Math.max(x, g.left);
    const room = c.measureText(words).width + 8;
    const isInside = x + width - begin >= room;
    const at = isInside ? begin + 4 : Math.max(x + width + 4, g.left + 4);
    if (!words || at < free) return free;
    c.textAlign = "left";
    c.fillStyle = isInside && lane.id !== "annotations" && !rejected ? colours.paper : colours.ink;
    c.fillText(words, at, lane.y + lane.height / 2 + 0.5);
    return at + room;
  }

  function label(lane, event) {
    if (lane === "annotations") return event.text;
    const kind = texts.kind(event.kind);
    const sure = event.confidence === null ? "" : ` ${Math.round(100 * event.confidence)} %`;
    return event.text ? `${kind}${sure}: ${event.text}` : kind + sure;
  }

  // The net's output as a stepped area below the signals, with its threshold.
  function probability(c, v) {
    const { geometry: g, colours, view } = v;
    if (!g.probability) return;
    const { y, height } = g.probability;
    const base = y + height - 4;
    const full = height - 12;
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
        const high = (page.probability[i] / 10000) * full;
        c.globalAlpha = 0.28;
        c.fillRect(x, base - high, wide + 0.3, high);
        c.globalAlpha = 1;
        c.fillRect(x, base - high - 0.75, wide + 0.3, 1.5);
      }
    }
    if (v.info.threshold !== null) {
      c.strokeStyle = colours.ink;
      c.globalAlpha = 0.6;
      c.setLineDash([5, 4]);
      c.beginPath();
      c.moveTo(g.left, base - v.info.threshold * full);
      c.lineTo(g.width, base - v.info.threshold * full);
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
  function hit(v, x, y) {
    const lane = Geometry.laneAt(v.geometry, y);
    if (!lane) return null;
    const events = eventsOf(v, lane.id);
    for (let i = events.length - 1; i >= 0; i -= 1) {
      const { x: from, width } = span(v, events[i]);
      if (x < from - 5 || x > from + width + 5) continue;
      const reach = Math.min(6, width / 3);
      const part = x < from + reach ? "start" : x > from + width - reach ? "end" : "whole";
      return { lane: lane.id, index: i, event: events[i], part };
    }
    return null;
  }

  return { eventsOf, shades, lanes, probability, hit, label };
})();
