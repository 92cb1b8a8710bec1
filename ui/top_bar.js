// The bar's words in the page's language, its choice of language, and its tabs: Gradio's own do
// the work, out of sight; the bar shows which is open, and so do the address and the history.
const { shown, choose } = window.seizureZooLanguage;
const words = window.gradio_config?.i18n_translations?.[shown] || {};
/** @type {NodeListOf<HTMLElement>} */
const said = element.querySelectorAll("[data-say]");
for (const one of said) {
  const label = one.getAttribute("aria-label");
  if (label) one.setAttribute("aria-label", words[label] || label);
  else one.textContent = words[one.textContent] || one.textContent;
}

/** @type {HTMLSelectElement | null} */
const language = element.querySelector("#language");
if (language) {
  language.value = shown;
  language.addEventListener("change", () => choose(language.value));
}

/** @type {HTMLElement} */
const container = element.closest(".gradio-container");
/** @type {NodeListOf<HTMLElement>} */
const tabs = element.querySelectorAll("[data-tab]");
/** @type {Record<string, string>} */
const EVENTS = { predict: "predict_shown", train: "train_shown", zoo: "zoo_shown" };
/** @type {Set<string>} */
const visited = new Set();
if (tabs.length) {
  followTabs();
  for (const name of ["dragover", "drop"]) window.addEventListener(name, takeDropped);
}

// A file that is dropped outside of all boxes is opened; the browser would show it in place of
// the page.
/** @param {DragEvent} event */
function takeDropped(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  /** @type {HTMLInputElement | null} */
  const input = document.querySelector("#upload input[type=file]");
  if (event.type !== "drop" || !input || !["analysis", "predict"].includes(container.dataset.tab)) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {string} name */
function gradios(name) {
  return document.getElementById(`${name}-tab-button`);
}

function followTabs() {
  // What is asked for before Gradio's tabs are there is opened once they are.
  let asked = location.hash.slice(1);
  /** @param {string} name */
  const open = (name) => {
    asked = name;
    gradios(name)?.click();
  };
  for (const tab of tabs) tab.addEventListener("click", () => open(tab.dataset.tab));
  window.addEventListener("popstate", () => open(location.hash.slice(1) || tabs[0].dataset.tab));
  document.addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLDetailsElement && event.target.id === "open-again") window.scrollTo(0, 0);
  }, true);
  const started = setInterval(() => {
    const list = gradios(tabs[0].dataset.tab)?.parentElement;
    if (!list) return;
    clearInterval(started);
    new MutationObserver(showSelected).observe(list, { subtree: true, attributeFilter: ["aria-selected"] });
    gradios(asked)?.click();
    showSelected();
  }, 30);
}

function showSelected() {
  for (const tab of tabs) {
    const isSelected = gradios(tab.dataset.tab)?.getAttribute("aria-selected") === "true";
    tab.setAttribute("aria-selected", String(isSelected));
    if (!isSelected || container.dataset.tab === tab.dataset.tab) continue;
    container.dataset.tab = tab.dataset.tab;
    window.scrollTo(0, 0); // tabs are long: what was switched to begins at its top
    tellOnceDrawn(tab.dataset.tab);
    const here = location.hash.slice(1) || tabs[0].dataset.tab;
    if (here !== tab.dataset.tab) history.pushState(null, "", `${location.pathname}${location.search}#${tab.dataset.tab}`);
  }
}

// Gradio's page works for a while at every event. A tab that was here before is seen first, then
// what may have changed in it meanwhile is asked for.
/** @param {string} name */
function tellOnceDrawn(name) {
  if (EVENTS[name]) setTimeout(() => trigger(EVENTS[name]), visited.has(name) ? 150 : 0);
  visited.add(name);
}
