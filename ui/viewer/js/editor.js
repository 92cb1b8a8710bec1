// The small form that edits one mark.
const Editor = (() => {
  const { el, wordButton } = Dom;
  const SIDES = ["", "left", "right", "midline", "both"];

  /** @param {Viewer} v */
  function build(v) {
    const kind = el("select", { "aria-label": texts.t("editor.kind") });
    const text = el("input", { type: "text", maxLength: 500, placeholder: texts.t("editor.text"),
      "aria-label": texts.t("editor.text") });
    const side = el("select", { "aria-label": texts.t("editor.side") });
    Dom.fill(side, SIDES.map((one) => [one, texts.t(`side.${one || "none"}`)]), "");
    const channels = el("input", { type: "text", placeholder: texts.t("editor.channels.all"),
      "aria-label": texts.t("editor.channels"), title: texts.t("editor.channels.help"), spellcheck: "false" });
    const onset = time("editor.onset");
    const length = time("editor.length");
    const remove = wordButton("editor.delete", () => v.deleteMark(v.editing.id),
      { class: "szv-word szv-delete" });
    const element = el("form", {
      class: "szv-editor", hidden: true, "aria-label": texts.t("editor.title"),
      onsubmit: (e) => {
        e.preventDefault();
        save(v);
      },
      onkeydown: (e) => {
        if (e.key === "Escape") v.closeEditor();
        if (e.key === "Enter" && e.target === kind) element.requestSubmit(); // a list would not
      },
    },
    el("b", {}, texts.t("editor.title")),
    labelled("editor.kind", kind), labelled("editor.text", text),
    el("div", { class: "szv-row" }, labelled("editor.onset", onset), labelled("editor.length", length)),
    el("div", { class: "szv-row" }, labelled("editor.channels", channels), labelled("editor.side", side)),
    el("div", { class: "szv-row" },
      el("button", { type: "submit", class: "szv-word szv-primary" }, texts.t("editor.save")),
      wordButton("editor.cancel", () => v.closeEditor()),
      remove));
    return { element, kind, text, onset, length, channels, side, remove };
  }

  /** @param {string} key */
  function time(key) {
    return el("input", { type: "number", step: "any", min: "0", class: "szv-number", "aria-label": texts.t(key) });
  }

  /** @param {string} key @param {HTMLElement} control */
  function labelled(key, control) {
    return el("label", { class: "szv-field" }, el("span", {}, texts.t(key)), control);
  }

  // All types with their keys: the built-in ones, the review's own, and one that a file brought.
  /** @param {ViewerBase} v @param {string} kind @returns {Choice[]} */
  function kinds(v, kind) {
    const keys = new Map(Object.entries(v.hotkeys()).map(([key, code]) => [code, key]));
    const codes = new Set([...KINDS, ...v.info.types.map(({ code }) => code), kind]);
    return [...codes].map((code) => {
      const key = keys.get(code);
      const shown = key && /[A-Z]/.test(key) ? `\u21e7${key}` : key;
      return [code, shown ? `${texts.kind(code)} (${shown})` : texts.kind(code)];
    });
  }

  /** @param {ViewerBase} v @param {Mark} mark @param {boolean} isNew */
  function open(v, mark, isNew) {
    const { editor } = v;
    Dom.fill(editor.kind, kinds(v, mark.kind), mark.kind);
    editor.channels.value = (mark.channels ?? []).join(", ");
    editor.side.value = mark.side ?? "";
    editor.text.value = mark.text;
    editor.onset.value = String(+mark.onset_s.toFixed(3));
    editor.length.value = String(+mark.duration_s.toFixed(3));
    editor.remove.hidden = isNew;
    editor.element.hidden = false;
    (isNew ? editor.kind : editor.text).focus({ preventScroll: true });
  }

  /** @param {Viewer} v */
  function save(v) {
    const { editor, editing } = v;
    const onset_s = +editor.onset.value;
    const duration_s = +editor.length.value;
    if (!(onset_s >= 0 && onset_s <= v.info.duration_s && duration_s >= 0)) {
      const field = onset_s >= 0 && onset_s <= v.info.duration_s ? editor.length : editor.onset;
      v.complain(texts.t("editor.bounds", { length: texts.short(v.info.duration_s, 3) }), field);
      return;
    }
    const mark = Marks.cut({ ...editing, kind: editor.kind.value, text: editor.text.value.trim(),
      onset_s, duration_s, side: editor.side.value,
      channels: editor.channels.value.split(/[,;]/).map((one) => one.trim()).filter(Boolean) }, v.info.duration_s);
    v.lastKind = mark.kind;
    v.change(Marks.put(v.state(), mark), texts.t("said.marked"));
    v.closeEditor();
  }

  return { build, open };
})();
