// Marks the server has not answered for yet, in the tab's own storage: a page that is loaded
// anew in that moment takes them along (ui/opening/returning.py), whatever became of the request.
const UnderWay = (() => {
  const KEY = "seizure-zoo-marks-under-way";

  /** @param {string} handle @param {Mark[]} marks */
  function keep(handle, marks) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ handle, marks }));
    } catch {
      arrived(); // no storage, or full: nothing older may come back instead
    }
  }

  function arrived() {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      return false;
    }
    return true;
  }

  return { keep, arrived };
})();
