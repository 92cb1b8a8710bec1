// Times of a recording: how they are written in the language of the page, how they are read, and
// where an axis has its ticks.
const Times = (() => {
  const DAY_S = 86400;
  const TICKS_S = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
    7200, 10800, 21600, 43200, 86400,
  ];

  /** @param {number} value */
  function pad(value) {
    return String(value).padStart(2, "0");
  }

  // Seconds as H:MM:SS with the asked number of decimals; M:SS is not used, it reads as H:MM.
  /** @param {number} seconds @param {number} [decimals] */
  function format(seconds, decimals = 0) {
    const factor = 10 ** decimals;
    const whole = Math.round(Math.abs(seconds) * factor);
    const total = Math.floor(whole / factor);
    const rest = decimals ? texts.t("decimal.point") + String(whole % factor).padStart(decimals, "0") : "";
    const sign = seconds < 0 && whole > 0 ? "\u2212" : "";
    const hours = Math.floor(total / 3600);
    return `${sign}${hours}:${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}${rest}`;
  }

  // Seconds of the day at which a recording began, from its ISO date; null without one.
  /** @param {string | null} iso */
  function clockStart(iso) {
    const match = /T(\d\d):(\d\d):(\d\d(?:\.\d+)?)/.exec(iso || "");
    return match ? +match[1] * 3600 + +match[2] * 60 + +match[3] : null;
  }

  // Wall-clock time of a moment in the recording, "" where the file gives no start.
  /** @param {number} seconds @param {number | null} start @param {number} [decimals] */
  function clock(seconds, start, decimals = 0) {
    if (start === null) return "";
    const factor = 10 ** decimals;
    const whole = Math.round((start + seconds) * factor);
    const days = Math.floor(whole / (DAY_S * factor));
    const day = days ? ` +${days}` : "";
    return format(whole / factor - days * DAY_S, decimals).padStart(8 + decimals + (decimals ? 1 : 0), "0") + day;
  }

  /** @param {number} seconds */
  function duration(seconds) {
    if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 120) return `${texts.short(seconds, seconds < 10 ? 2 : 1)} s`;
    return format(seconds);
  }

  /** @type {Record<string, number>} */
  const UNITS_S = {
    d: DAY_S, g: DAY_S, h: 3600, o: 3600, m: 60, "'": 60, "\u2032": 60, s: 1, "\"": 1, "\u2033": 1, ms: 0.001,
  };
  const UNIT = /^(\d+(?:\.\d+)?)\s*(days?|d|giorni|giorno|hours?|hrs?|h|ore|ora|minutes?|mins?|m|minuti|minuto|msec|ms|seconds?|secs?|s|secondi|secondo|\u2032|'|\u2033|")(?![a-z])\s*/;

  // Reads "90", "90 s", "1 h 2 min 3 s", "1:30", "1:02:03.5"; null where the text is no time.
  /** @param {string} text */
  function parseSeconds(text) {
    const words = text.trim().toLowerCase().replace(/,(?=\d)/g, ".").replace(/[\uff1a\u2236]/g, ":");
    return /[a-z'"\u2032\u2033]/.test(words) ? withUnits(words) : withColons(words);
  }

  /** @param {string} words */
  function withColons(words) {
    const parts = words.split(/\s*:\s*/);
    if (parts.length > 3 || parts.some((part) => !/^(\d+(\.\d*)?|\.\d+)$/.test(part))) return null;
    if (parts.slice(0, -1).some((part) => part.includes("."))) return null;
    return parts.reduce((sum, part) => sum * 60 + +part, 0);
  }

  /** @param {string} words */
  function withUnits(words) {
    let rest = words;
    let sum = 0;
    while (rest) {
      const match = UNIT.exec(/^\d\d$/.test(rest) ? `${rest} min` : rest); // "1h30"
      if (!match) return null;
      sum += +match[1] * unitOf(match[2]);
      rest = rest.slice(match[0].length);
    }
    return sum;
  }

  /** @param {string} word */
  function unitOf(word) {
    if (word.startsWith("ms")) return UNITS_S.ms;
    return UNITS_S[word[0]];
  }

  // A time of the day: "14:00", "14:00:05", "2:05 pm", "14h05"; an ISO date before it and the
  // number of days after it are left out. Null where it is none.
  /** @param {string} text */
  function parseClock(text) {
    const words = text.trim().toLowerCase().replace(/^\d{4}-\d\d-\d\d[t\s]+/, "").replace(/\s*\+\d+$/, "");
    const match = /^(\d{1,2})(?:[:h\uff1a]\s*(\d\d))(?:[:\uff1a](\d\d(?:[.,]\d+)?))?\s*([ap])?\.?(?:m\.?)?$/.exec(words);
    if (!match) return null;
    const [, hours, minutes, seconds = "0", half] = match;
    const whole = +seconds.replace(",", ".");
    if (+hours > (half ? 12 : 23) || +minutes > 59 || whole >= 60) return null;
    const hour = half ? (+hours % 12) + (half === "p" ? 12 : 0) : +hours;
    return { time_s: hour * 3600 + +minutes * 60 + whole, isSure: Boolean(half) || /^\d{4}-/.test(text.trim()) };
  }

  // When a clock first shows a time while the recording runs; null where it never does.
  /** @param {number} clock_s @param {number | null} start @param {number} duration_s */
  function momentOf(clock_s, start, duration_s) {
    if (start === null) return null;
    for (let day = 0; day * DAY_S <= start + duration_s; day += 1) {
      const moment = clock_s + day * DAY_S - start;
      if (moment >= 0 && moment <= duration_s) return moment;
    }
    return null;
  }

  // Where a typed time lies in the recording. It is read as this viewer writes times: with two
  // digits of hours ("01:02:03") as clock time, with one ("1:02:03", "0:25") or a leading + as
  // time from the start; and the other way where that lies outside the recording.
  /** @param {string} text @param {number | null} start @param {number} duration_s */
  function locate(text, start, duration_s) {
    const typed = text.trim();
    const isForced = typed.startsWith("+");
    const seconds = parseSeconds(typed.replace(/^\+\s*/, ""));
    const clock = isForced ? null : parseClock(typed);
    const byStart = seconds !== null && seconds <= duration_s ? seconds : null;
    const byClock = clock && momentOf(clock.time_s, start, duration_s);
    const isClock = byClock !== null && (byStart === null || /^\d\d\D/.test(typed) || clock.isSure);
    return {
      time_s: isClock ? byClock : byStart, isClock, isTime: seconds !== null || clock !== null,
    };
  }

  /** @param {number} length_s @param {number} width @param {number} least */
  function tickStep(length_s, width, least) {
    const fitting = TICKS_S.find((step) => (step / length_s) * width >= least);
    return fitting || Math.ceil(((least / width) * length_s) / DAY_S) * DAY_S;
  }

  // Moments of the ticks within a stretch; `phase` shifts them to full seconds of a clock.
  /**
   * @param {number} start_s
   * @param {number} length_s
   * @param {number} step
   * @param {number} [phase]
   */
  function ticks(start_s, length_s, step, phase = 0) {
    const found = [];
    const first = Math.ceil((start_s + phase) / step - 1e-9);
    for (let i = first; i * step - phase <= start_s + length_s + 1e-9; i += 1) {
      found.push(i * step - phase);
    }
    return found;
  }

  /** @param {number} step */
  function decimals(step) {
    return step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  }

  return { format, clock, clockStart, duration, parseSeconds, parseClock, locate, tickStep, ticks, decimals };
})();
