// Display preferences that the browser keeps: no recording and no time.
const Preferences = (() => {
  const KEY = "seizure-zoo-viewer";
  /** @type {Settings} */
  const DEFAULTS = {
    negativeUp: true, centre: true, colourBySide: true, grid: true, thick: false,
    perChannel: false, uvPerMm: 0, pxPerMm: Scale.PX_PER_MM, panel: true, eventOrder: "time", trends: false,
    pagingS: 2, raw: false, rawBelow: false,
  };

  function load() {
    try {
      const known = JSON.parse(localStorage.getItem(KEY)) || {};
      const kinds = new Map(Object.entries(DEFAULTS).map(([name, value]) => [name, typeof value]));
      const kept = Object.entries(known).filter(([name, value]) =>
        typeof value === kinds.get(name) && !Number.isNaN(value));
      return { ...DEFAULTS, ...Object.fromEntries(kept) };
    } catch {
      return { ...DEFAULTS }; // no storage, or not ours: nothing is lost
    }
  }

  /** @param {Settings} settings */
  function save(settings) {
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      return false;
    }
    return true;
  }

  return { load, save, DEFAULTS };
})();

// Makes an element a viewer that follows the component's value.
/** @param {Given & { element: { szViewer?: Viewer } }} given */
function mountViewer({ element, trigger, props, server, watch }) {
  texts.choose(document.documentElement.dataset.language || navigator.language);
  const viewer = new Viewer({ element, trigger, server });
  /** @type {string | null} */ let shown = null;
  const follow = () => {
    const wanted = JSON.stringify(props.value);
    if (wanted === shown) return;
    shown = wanted;
    viewer.follow(props.value);
  };
  watch("value", follow);
  follow();
  window.addEventListener("beforeunload", (e) => {
    const isUnsaved = !viewer.isSaved && viewer.state().marks.length > 0;
    if (isUnsaved || viewer.outbox.waiting.size) e.preventDefault();
  });
  element.szViewer = viewer;
  return viewer;
}
