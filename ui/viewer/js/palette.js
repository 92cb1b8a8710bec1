// Colours of the canvas, from the style sheet: one place for light and dark.
const Palette = (() => {
  const NAMES = [
    "paper", "ink", "faint", "grid", "grid-strong", "gap", "left", "right", "midline", "across",
    "other", "annotations", "references", "predictions", "marks", "accent", "raw",
  ];

  /** @param {Element} element */
  function read(element) {
    const style = getComputedStyle(element);
    /** @type {Record<string, string>} */
    const colours = { font: style.fontFamily };
    for (const name of NAMES) colours[name] = style.getPropertyValue(`--szv-${name}`).trim();
    return colours;
  }

  return { read };
})();
