// Chooses the language of the page before it is shown, and tells the server which it is.
//
// Gradio takes the browser's language only if it is one of its own, and Italian is not; its
// page can show it all the same, when the function is called that its settings use.
// LANGUAGES (names by code) and COOKIE are defined before this.
const page = document.documentElement;
const browsers = (navigator.language || "en").slice(0, 2).toLowerCase();
const shown = remembered() || (browsers in LANGUAGES ? browsers : "en");

function remembered() {
  try {
    return localStorage.getItem(COOKIE);
  } catch {
    return null; // no storage: the browser's language is taken each time
  }
}

// A language chosen in Gradio's settings or in ours holds from now on. What the server has
// written so far is in the old one, so the page is reloaded.
/** @param {string} language */
function choose(language) {
  try {
    localStorage.setItem(COOKIE, language);
  } catch {
    return; // nothing would be remembered: do not reload
  }
  location.reload();
}

/** @param {string} language */
async function changeTo(language) {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  for (const url of loaded.filter((name) => /\/assets\/core-[^/]+\.js$/.test(name))) {
    const gradio = await import(url);
    if (gradio.changeLocale) gradio.changeLocale(language);
  }
}

// Gradio translates the label of a tab that was never opened only once, when it draws the tabs,
// and changeTo may come after that. The labels are in the page's settings already: set them there.
/** @param {string} language */
function translateTabs(language) {
  const { components = [], i18n_translations: texts } = window.gradio_config || {};
  for (const { type, props } of components) {
    const marked = type === "tabitem" && /^__i18n__(\{.*\})$/.exec(props.label || "");
    const label = marked && texts?.[language]?.[JSON.parse(marked[1]).key];
    if (label) props.label = label;
  }
}

function followSettings() {
  new MutationObserver(() => {
    if (page.lang !== shown) choose(page.lang);
  }).observe(page, { attributes: true, attributeFilter: ["lang"] });
}

// Sentences of the server follow the cookie, those of the viewer the attribute.
document.cookie = `${COOKIE}=${shown}; path=/; SameSite=Lax`;
page.dataset.language = shown;
window.seizureZooLanguage = { shown, choose };
translateTabs(shown);
(page.lang === shown ? Promise.resolve() : changeTo(shown)).then(followSettings);
