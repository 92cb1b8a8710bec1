// Keys, anywhere in the viewer but where they mean something else. The help shows the same list.
const Keyboard = (() => {
  /** @type {[string, string, string, (v: Viewer) => void][]} */
  const KEYS = [
    ["ArrowLeft", "\u2190", "page.left", (v) => v.pan(-1)],
    ["ArrowRight", "\u2192", "page.right", (v) => v.pan(1)],
    ["PageUp", "PageUp", "page.previous", (v) => v.turn(-1)],
    ["PageDown", "PageDown", "page.next", (v) => v.turn(1)],
    ["Home", "Home", "page.first", (v) => v.goFirst()],
    ["End", "End", "page.last", (v) => v.goLast()],
    ["ArrowUp", "\u2191", "sensitivity.more", (v) => v.stepSensitivity(-1)],
    ["ArrowDown", "\u2193", "sensitivity.less", (v) => v.stepSensitivity(1)],
    ["+", "+", "zoom.in", (v) => v.zoom(-1)],
    ["-", "\u2212", "zoom.out", (v) => v.zoom(1)],
    ["g", "G", "goto.label", (v) => Toolbar.askTime(v.bar)],
    ["n", "N", "event.next", (v) => v.jump(1)],
    ["p", "P", "event.previous", (v) => v.jump(-1)],
    ["y", "Y", "predictions.accept.key", (v) => v.judge("accepted")],
    ["x", "X", "predictions.reject.key", (v) => v.judge("rejected")],
    ["h", "H", "edge.start.earlier", (v) => v.moveEdge("start", -1)],
    ["j", "J", "edge.start.later", (v) => v.moveEdge("start", 1)],
    ["k", "K", "edge.end.earlier", (v) => v.moveEdge("end", -1)],
    ["l", "L", "edge.end.later", (v) => v.moveEdge("end", 1)],
    ["r", "R", "trends.toggle", (v) => Trends.toggle(v)],
    ["s", "S", "spectrum.title", (v) => Spectrum.toggle(v)],
    [" ", "Space", "auto.toggle", (v) => AutoPaging.toggle(v)],
    ["t", "T", "threshold.label", (v) => v.threshold.line.focus({ preventScroll: true })],
    ["m", "M", "mode.mark", (v) => v.chooseMode(v.mode === "mark" ? "move" : "mark")],
    ["c", "C", "mode.measure", (v) => v.chooseMode(v.mode === "measure" ? "move" : "measure")],
    ["a", "A", "marks.add", (v) => v.addMark()],
    ["f", "F", "display.raw", (v) => v.set({ raw: !v.settings.raw })],
    ["d", "D", "display.rawBelow", (v) => v.set({ rawBelow: !v.settings.rawBelow })],
    ["i", "I", "display.negativeUp", (v) => v.set({ negativeUp: !v.settings.negativeUp })],
    ["e", "E", "panel.toggle", (v) => v.togglePanel()],
    ["?", "?", "help.open", (v) => v.showHelp()],
    ["Escape", "Esc", "key.escape", (v) => v.escape()],
  ];
  /** @type {typeof KEYS} */
  const CONTROL = [
    ["z", "Ctrl+Z", "marks.undo", (v) => v.undo()],
    ["y", "Ctrl+Y", "marks.redo", (v) => v.redo()],
  ];

  /** @param {Viewer} v */
  function attach(v) {
    followLists(v);
    v.body.addEventListener("click", () => {
      // What was clicked takes no keys: the EEG has them.
      if (document.activeElement === document.body) v.overlay.focus({ preventScroll: true });
    });
    v.body.addEventListener("keydown", (e) => {
      if (!v.info || e.altKey || e.defaultPrevented) return;
      if ((e.repeat && e.key === " ") || (AutoPaging.stop(v) && e.key === " ")) {
        e.preventDefault();
        return;
      }
      const target = /** @type {Element} */ (e.target);
      if (isOwn(target)) {
        if (isLeaving(e.key, target)) v.overlay.focus({ preventScroll: true });
        return;
      }
      const hasControl = e.ctrlKey || e.metaKey;
      const kind = hasControl ? null : kindOf(v, e);
      if (kind) {
        e.preventDefault();
        v.chooseKind(kind);
        return;
      }
      const name = e.key.length === 1 ? e.key.toLowerCase() : e.key;
      const table = hasControl ? CONTROL : KEYS;
      const wanted = hasControl && name === "z" && e.shiftKey ? "y" : name === "=" ? "+" : name;
      const found = table.find(([key]) => key === wanted);
      if (!found || (wanted === " " && target.matches("button, summary, input"))) return; // it presses those
      e.preventDefault();
      found[3](v);
    });
  }

  // Types have keys of their own: a digit, or a letter with Shift.
  /** @param {Viewer} v @param {KeyboardEvent} e */
  function kindOf(v, e) {
    const isKey = /^[0-9]$/.test(e.key) || (e.shiftKey && /^[A-Z]$/.test(e.key));
    return isKey ? v.hotkeys()[e.key] : undefined;
  }

  // Fields and lists need letters and arrows for themselves, dialogs keep to themselves.
  /** @param {Element} target */
  function isOwn(target) {
    return target.closest(".szv-editor, .szv-help, select, textarea") !== null
      || (target.matches("input") && !["checkbox", "radio", "button"].includes(target.type));
  }

  // Esc leaves a field or a list, Enter a field for a number; dialogs have ways of their own.
  /** @param {string} key @param {Element} target */
  function isLeaving(key, target) {
    if (target.closest(".szv-editor, .szv-help")) return false;
    return key === "Escape" || (key === "Enter" && target.matches('input[type="number"]'));
  }

  // A choice made with the mouse gives the keys back; with arrow keys one may go on choosing.
  /** @param {Viewer} v */
  function followLists(v) {
    let isByPointer = false;
    v.body.addEventListener("pointerdown", () => (isByPointer = true), true);
    v.body.addEventListener("keydown", (e) => (isByPointer = e.key === "Enter"), true);
    v.bar.element.addEventListener("change", (e) => {
      if (isByPointer && e.target instanceof HTMLSelectElement) v.overlay.focus({ preventScroll: true });
    });
  }

  function help() {
    const kinds = Object.entries(HOTKEYS).map(([key, kind]) =>
      [/[0-9]/.test(key) ? key : `Shift+${key}`, texts.kind(kind)]);
    return [...KEYS, ...CONTROL].map(([, shown, key]) => [shown, texts.t(key)]).concat(kinds);
  }

  return { attach, help };
})();
