// Keys, while the EEG has the focus. The list is also what the help shows.
const Keyboard = (() => {
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
    ["g", "G", "goto.label", (v) => v.bar.goto.focus()],
    ["n", "N", "event.next", (v) => v.jump(1)],
    ["p", "P", "event.previous", (v) => v.jump(-1)],
    ["m", "M", "mode.mark", (v) => v.chooseMode(v.mode === "mark" ? "move" : "mark")],
    ["c", "C", "mode.measure", (v) => v.chooseMode(v.mode === "measure" ? "move" : "measure")],
    ["a", "A", "marks.add", (v) => v.addMark()],
    ["i", "I", "display.negativeUp", (v) => v.set({ negativeUp: !v.settings.negativeUp })],
    ["e", "E", "panel.toggle", (v) => v.togglePanel()],
    ["?", "?", "help.open", (v) => v.showHelp()],
    ["Escape", "Esc", "key.escape", (v) => v.escape()],
  ];
  const CONTROL = [
    ["z", "Ctrl+Z", "marks.undo", (v) => v.undo()],
    ["y", "Ctrl+Y", "marks.redo", (v) => v.redo()],
  ];

  function attach(v) {
    v.overlay.addEventListener("keydown", (e) => {
      if (!v.info || e.altKey) return;
      const name = e.key.length === 1 ? e.key.toLowerCase() : e.key;
      const hasControl = e.ctrlKey || e.metaKey;
      const table = hasControl ? CONTROL : KEYS;
      const wanted = hasControl && name === "z" && e.shiftKey ? "y" : name === "=" ? "+" : name;
      const found = table.find(([key]) => key === wanted);
      if (!found) return;
      e.preventDefault();
      found[3](v);
    });
  }

  function help() {
    return [...KEYS, ...CONTROL].map(([, shown, key]) => [shown, texts.t(key)]);
  }

  return { attach, help };
})();
