// Display settings of each recording, in the tab's own storage: a page that is reloaded shows it
// as before. No other tab reads it, and it ends with the tab.
const Looks = (() => {
  const KEY = "seizure-zoo-looks";
  const MOST = 20;

  // Handles change with a reload, so a recording goes by its facts; viewers look on their own.
  /** @param {Viewer} v */
  function nameOf(v) {
    const { file_name: file, duration_s: length, n_channels: n, start_time: start } = v.info;
    const place = v.root.parentElement.closest("[id]"); // Gradio's own id of the root is random
    return [place?.id, file, length, n, start].join("|");
  }

  function all() {
    try {
      return Object.entries(JSON.parse(sessionStorage.getItem(KEY)) || {});
    } catch {
      return []; // no storage, or not ours: nothing is lost
    }
  }

  /** @param {Viewer} v */
  function of(v) {
    return {
      view: v.view, speed: v.speed, filters: v.filters,
      uvPerMm: v.settings.uvPerMm, perChannel: v.settings.perChannel,
      montage: v.montage, order: v.order, hidden: [...v.hidden], gains: [...v.gains], seen: v.seen,
    };
  }

  /** @param {Viewer} v */
  function save(v) {
    const look = JSON.stringify(of(v));
    if (look === v.savedLook) return;
    v.savedLook = look;
    const name = nameOf(v);
    const others = all().filter(([other]) => other !== name).slice(1 - MOST);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...others, [name, of(v)]])));
    } catch {
      v.savedLook = null;
    }
  }

  // Whether this page is one that was left and is back: only then the place counts, too.
  function isReturn() {
    const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (
      performance.getEntriesByType("navigation"));
    return arrival !== undefined && ["reload", "back_forward"].includes(arrival.type);
  }

  /** @param {Viewer} v */
  function load(v) {
    const found = all().find(([name]) => name === nameOf(v));
    return found?.[1]?.view && Array.isArray(found[1].order) ? found[1] : null;
  }

  return { of, save, load, isReturn };
})();
