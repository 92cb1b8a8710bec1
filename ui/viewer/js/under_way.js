// A review the server has not answered for yet, in the tab's own storage: a page that is loaded
// again in that moment takes it along (ui/opening/returning.py), whatever became of the request.
const UnderWay = (() => {
  const KEY = "seizure-zoo-review-under-way";

  /** @param {string} handle @param {ReviewWords} review */
  function keep(handle, review) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ handle, ...review }));
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
