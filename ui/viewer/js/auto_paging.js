// Turns page after page by itself until a key is pressed or the recording ends.
const AutoPaging = (() => {
  const INTERVALS_S = [0.5, 1, 2, 3, 5, 10, 20];

  /** @param {Viewer} v */
  function toggle(v) {
    if (isOn(v)) stop(v);
    else if (isAtEnd(v)) v.say(texts.t("auto.end"));
    else {
      wait(v);
      Toolbar.update(v.bar, v);
    }
  }

  /** @param {Viewer} v */
  function isOn(v) {
    return v.pagingTimer !== undefined;
  }

  /** @param {Viewer} v */
  function isAtEnd(v) {
    return v.view.start_s >= View.lastPage(v.view, v.info.duration_s) - 1e-6;
  }

  /** @param {Viewer} v */
  function wait(v) {
    v.say(texts.t("auto.on", { every: texts.short(v.settings.pagingS, 1) }), true);
    v.pagingTimer = setTimeout(() => turn(v), 1000 * v.settings.pagingS);
  }

  // Waits for a page that is not there yet: none is passed over unseen.
  /** @param {Viewer} v */
  function turn(v) {
    if (document.hidden || !v.strip.clientWidth) {
      stop(v);
      return;
    }
    const { state, start } = v.body.dataset;
    if (state === "ready" && start === String(v.view.start_s)) v.turn(1);
    if (!isAtEnd(v)) wait(v);
    else {
      stop(v);
      v.say(texts.t("auto.end"));
    }
  }

  // Returns whether it was on.
  /** @param {Viewer} v */
  function stop(v) {
    if (!isOn(v)) return false;
    clearTimeout(v.pagingTimer);
    v.pagingTimer = undefined;
    v.say(null);
    Toolbar.update(v.bar, v);
    return true;
  }

  return { INTERVALS_S, toggle, isOn, stop };
})();
