// Reviews the server has not answered for yet, by handle, in the tab's own storage: a page that is
// loaded again in that moment takes them along (ui/opening/returning.py), whatever became of the
// requests.
const UnderWay = (() => {
  const KEY = "seizure-zoo-review-under-way";

  /** @param {Map<string, ReviewWords>} waiting */
  function keep(waiting) {
    try {
      if (waiting.size) sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(waiting)));
      else sessionStorage.removeItem(KEY);
    } catch {
      forget(); // no storage, or full: nothing older may come back instead
    }
  }

  function forget() {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      return false;
    }
    return true;
  }

  return { keep };
})();
