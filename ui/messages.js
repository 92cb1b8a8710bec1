// Lets messages leave by themselves: Gradio's and the viewer's, each after the time it takes to
// read it. A message stays while the pointer or the keyboard is on it, and while the page is
// hidden. Gradio's own clock starts with the first message of a kind and knows nothing of those
// that join it, so ui/errors.py leaves it off.
const TICK_MS = 250;
/** @type {Record<string, number>} */
const LEAST_MS = { error: 12000, warning: 10000, info: 6000, success: 6000 };
const MS_PER_LETTER = 60;
const MESSAGES = '[data-testid="toast-body"], [data-message]:not([hidden])';
const LASTS = "Attempting reconnection"; // Gradio takes this one away when it is over
const left = new WeakMap();

/**
 * @param {HTMLElement} message
 * @param {string} words
 */
function timeFor(message, words) {
  const kind = Object.keys(LEAST_MS).find((name) =>
    message.classList.contains(name) || message.dataset.message === name);
  return Math.max(LEAST_MS[kind || "info"], MS_PER_LETTER * words.length);
}

function tick() {
  if (document.hidden) return;
  /** @type {NodeListOf<HTMLElement>} */
  const messages = document.querySelectorAll(MESSAGES);
  for (const message of messages) {
    const words = message.textContent;
    const known = left.get(message);
    const isNew = !known || known.words !== words;
    const ms = isNew ? timeFor(message, words) : known.ms;
    const isHeld = message.matches(":hover, :focus-within") || words.includes(LASTS);
    left.set(message, { words, ms: isHeld ? ms : ms - TICK_MS });
    if (ms > 0 || isHeld) continue;
    left.delete(message);
    /** @type {HTMLElement | null} */
    const close = message.querySelector('[data-testid="toast-close"]');
    (close || message.querySelector("button")).click();
  }
}

setInterval(tick, TICK_MS);
