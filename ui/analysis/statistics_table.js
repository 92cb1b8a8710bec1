// Rows are sorted by the heading that is pressed: up, down, then as in the file.
/** @type {Record<string, string>} */
const ORDERS = { none: "ascending", ascending: "descending", descending: "none" };

/**
 * @param {Event} event
 * @returns {HTMLTableCellElement | null}
 */
function headingOf(event) {
  return /** @type {Element} */ (event.target).closest("thead th");
}

/**
 * @param {HTMLTableRowElement} row
 * @param {number} column
 */
function valueOf(row, column) {
  const { dataset, textContent } = row.cells[column];
  const number = Number(dataset.value); // no value of its own: a text
  return Number.isFinite(number) ? number : textContent.trim();
}

/**
 * @param {number | string} one
 * @param {number | string} other
 */
function compare(one, other) {
  if (typeof one === typeof other) return one < other ? -1 : one > other ? 1 : 0;
  return typeof one === "number" ? -1 : 1; // what has no number stands last
}

/** @param {HTMLTableCellElement} heading */
function sortBy(heading) {
  const order = ORDERS[heading.getAttribute("aria-sort")];
  const headings = /** @type {HTMLTableRowElement} */ (heading.parentElement).cells;
  for (const other of headings) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", order);
  const body = heading.closest("table").tBodies[0];
  const rows = [...body.rows];
  const turn = order === "descending" ? -1 : 1;
  rows.sort((a, b) =>
    (order === "none" ? 0 : turn * compare(valueOf(a, heading.cellIndex), valueOf(b, heading.cellIndex)))
    || +a.dataset.number - +b.dataset.number);
  body.replaceChildren(...rows);
}

element.addEventListener("click", (event) => {
  const heading = headingOf(event);
  if (heading) sortBy(heading);
});

// A tip lies under its heading, wholly on the screen.
/** @param {HTMLTableCellElement | null} heading */
function place(heading) {
  /** @type {HTMLElement | null} */
  const tip = heading && heading.querySelector('[role="tooltip"]');
  if (!tip) return;
  const { left, bottom } = heading.getBoundingClientRect();
  const most = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${Math.max(8, Math.min(left, most))}px`;
  tip.style.top = `${bottom}px`;
}

/** @type {HTMLTableCellElement | null} */
let pointed = null;
for (const name of ["focusin", "mouseover"]) {
  element.addEventListener(name, (event) => {
    const heading = headingOf(event);
    if (heading !== pointed) element.classList.remove("tips-hidden");
    pointed = heading;
    place(heading);
  });
}
element.addEventListener("scroll", () => place(pointed), true);
window.addEventListener("scroll", () => place(pointed), { passive: true });

// A tip that covers something goes away with Escape, and comes back with the next heading.
element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") element.classList.add("tips-hidden");
});
