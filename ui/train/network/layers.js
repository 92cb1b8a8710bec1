// The list of layers: what is done to a layer goes to the server, which draws the list again. Which
// forms are open, where the focus is and what is being typed stays.

/** @type {Set<string>} */
const open = new Set();
/** @type {{ place: string, name: string, typed: string | null } | null} */
let field = null;
/** @type {Array<Record<string, unknown>>} What was done and not yet sent, */
const waiting = [];
let answerDue = 0; /* and until when the answer to the last of it is waited for. */
const PATIENCE_MS = 3000;

/** @param {Element} control */
function placeOf(control) {
  return /** @type {HTMLElement} */ (control.closest("[data-place]")).dataset.place;
}

// One after the other: each changes the network that the answer before has brought.
/** @param {Record<string, unknown>} [edit] */
function send(edit) {
  if (edit) waiting.push(edit);
  if (!waiting.length) return;
  const wait = answerDue - Date.now();
  if (wait > 0) {
    setTimeout(send, wait + 10);
    return;
  }
  answerDue = Date.now() + PATIENCE_MS;
  trigger("layer_act", { edit: waiting.shift() });
}

element.addEventListener("toggle", (event) => {
  const row = /** @type {HTMLDetailsElement} */ (event.target);
  if (row.open) open.add(row.dataset.place);
  else if (row.isConnected) open.delete(row.dataset.place);
}, true);

element.addEventListener("focusin", (event) => {
  const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
  field = control.name ? { place: placeOf(control), name: control.name, typed: null } : null;
  if (control.matches("select[data-act]") && control.children.length === 1) {
    control.append(element.querySelector("template").content.cloneNode(true));
  }
});

element.addEventListener("input", (event) => {
  const control = /** @type {HTMLInputElement} */ (event.target);
  if (field && control.name) field.typed = control.value;
});

element.addEventListener("change", (event) => {
  const control = /** @type {HTMLInputElement} */ (event.target);
  if (control.dataset.act) {
    send({ act: control.dataset.act, place: control.dataset.at, type: control.value });
    return;
  }
  const typed = control.type === "checkbox" ? control.checked : control.value;
  if (field) field.typed = null;
  send({ act: "set", place: placeOf(control), name: control.name, typed });
});

element.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-act]");
  if (!(button instanceof HTMLElement)) return;
  const { act, at } = button.dataset;
  send({ act, place: at, type: "" });
});

watch("value", () => {
  answerDue = 0;
  showAgain();
  send();
});

// A list drawn again is unfolded as before, or where the server says.
function showAgain() {
  const moved = element.querySelector("details[open]");
  if (moved instanceof HTMLElement) {
    const { place } = moved.dataset;
    for (const one of [...open]) if (!place.startsWith(`${one}/`)) open.delete(one);
    open.add(place);
  }
  for (const row of element.querySelectorAll("details")) row.open = open.has(row.dataset.place);
  if (!field) return;
  const row = element.querySelector(`[data-place="${CSS.escape(field.place)}"]`);
  const control = row?.querySelector(`[name="${CSS.escape(field.name)}"]`);
  if (!(control instanceof HTMLInputElement)) return;
  if (field.typed !== null) control.value = field.typed;
  control.focus({ preventScroll: true });
}
