// Times of a recording: how they are written, read and where an axis has its ticks. Pure.
const Times = (() => {
  const DAY_S = 86400;
  const TICKS_S = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
    7200, 10800, 21600, 43200, 86400,
  ];

  function pad(value) {
    return String(value).padStart(2, "0");
  }

  // Seconds as H:MM:SS with the asked number of decimals; M:SS is not used, it reads as H:MM.
  function format(seconds, decimals = 0) {
    const factor = 10 ** decimals;
    const whole = Math.round(Math.abs(seconds) * factor);
    const total = Math.floor(whole / factor);
    const rest = decimals ? "." + String(whole % factor).padStart(decimals, "0") : "";
    const sign = seconds < 0 && whole > 0 ? "\u2212" : "";
    const hours = Math.floor(total / 3600);
    return `${sign}${hours}:${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}${rest}`;
  }

  // Seconds of the day at which a recording began, from its ISO date; null without one.
  function clockStart(iso) {
    const match = /T(\d\d):(\d\d):(\d\d(?:\.\d+)?)/.exec(iso || "");
    return match ? +match[1] * 3600 + +match[2] * 60 + +match[3] : null;
  }

  // Wall-clock time of a moment in the recording, "" where the file gives no start.
  function clock(seconds, start, decimals = 0) {
    if (start === null) return "";
    const factor = 10 ** decimals;
    const whole = Math.round((start + seconds) * factor);
    const days = Math.floor(whole / (DAY_S * factor));
    const day = days ? ` +${days}` : "";
    return format(whole / factor - days * DAY_S, decimals).padStart(8 + decimals + !!decimals, "0") + day;
  }

  function duration(seconds) {
    if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 120) return `${+seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
    return format(seconds);
  }

  // Reads "90", "1:30", "1:02:03.5"; null where the text is no time.
  function parseSeconds(text) {
    const parts = text.trim().replace(",", ".").split(":");
    if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return null;
    if (parts.slice(0, -1).some((part) => part.includes("."))) return null;
    return parts.reduce((sum, part) => sum * 60 + +part, 0);
  }

  // Where a typed time lies in the recording. With a colon it is read as clock time where the
  // recording has been running at that time, otherwise, or with a leading +, from its start.
  function locate(text, start, duration_s) {
    const forced = text.trim().startsWith("+");
    const seconds = parseSeconds(text.trim().replace(/^\+/, ""));
    if (seconds === null) return null;
    if (!forced && text.includes(":") && start !== null) {
      const shorter = text.trim().split(":").length === 2 ? seconds * 60 : seconds;
      for (let day = 0; day * DAY_S <= start + duration_s; day += 1) {
        const moment = shorter + day * DAY_S - start;
        if (moment >= 0 && moment < duration_s) return moment;
      }
    }
    return seconds <= duration_s ? seconds : null;
  }

  function tickStep(length_s, width, least) {
    const fitting = TICKS_S.find((step) => (step / length_s) * width >= least);
    return fitting || Math.ceil(((least / width) * length_s) / DAY_S) * DAY_S;
  }

  // Moments of the ticks within a stretch; `phase` shifts them to full seconds of a clock.
  function ticks(start_s, length_s, step, phase = 0) {
    const found = [];
    const first = Math.ceil((start_s + phase) / step - 1e-9);
    for (let i = first; i * step - phase <= start_s + length_s + 1e-9; i += 1) {
      found.push(i * step - phase);
    }
    return found;
  }

  function decimals(step) {
    return step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  }

  return { format, clock, clockStart, duration, parseSeconds, locate, tickStep, ticks, decimals };
})();
