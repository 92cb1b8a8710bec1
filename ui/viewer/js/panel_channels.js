// The list of channels: show, hide, reorder, gain; own montages to save and load.
const PanelChannels = (() => {
  const { el, button, wordButton } = Dom;
  const GAINS = [0.25, 0.5, 1, 2, 4];
  /** @typedef {ReturnType<typeof build>} Pane */

  /** @param {Viewer} v */
  function build(v) {
    const list = el("div", { class: "szv-lists" });
    const missing = el("p", { class: "szv-note", hidden: true });
    const name = el("input", {
      type: "text", maxLength: 60, placeholder: texts.t("montage.name"),
      "aria-label": texts.t("montage.name"),
      onkeydown: (e) => {
        if (e.key === "Enter") saveMontage(v, pane);
      },
    });
    const lines = el("textarea", {
      class: "szv-derivations", rows: 7, spellcheck: "false", "aria-label": texts.t("montage.lines"),
    });
    const editor = el("div", { hidden: true }, lines,
      el("p", { class: "szv-small" }, texts.t("montage.lines.help")),
      wordButton("montage.show", () => showTyped(v, pane)));
    const edit = wordButton("montage.edit", () => toggleEditor(v, pane), {
      "aria-expanded": "false", title: texts.t("montage.edit.help"),
    });
    const element = el("div", { class: "szv-pane" },
      el("div", { class: "szv-row" },
        wordButton("channels.all", () => v.showAll()),
        wordButton("channels.reset", () => v.resetOrder())),
      missing, list, editor,
      el("div", { class: "szv-row" }, name, edit,
        wordButton("montage.save", () => saveMontage(v, pane), { title: texts.t("montage.save.help") }),
        wordButton("montage.load", () => loadMontage(v), { title: texts.t("montage.load.help") })));
    const pane = { element, list, missing, name, lines, editor, edit };
    return pane;
  }

  /** @param {ReturnType<typeof build>} pane @param {Viewer} v */
  function update(pane, v) {
    Dom.redraw(v, pane.list, runsOf(v).map((run) => section(v, run)));
    pane.missing.hidden = !v.missing.length;
    pane.missing.textContent = v.missing.length
      ? texts.t("montage.missing", { n: v.missing.length, list: v.missing.join(", ") }) : "";
  }

  // The channels in the order of the screen, as runs of one group: a group may come again.
  /** @param {Viewer} v */
  function runsOf(v) {
    /** @type {{ group: string, numbers: number[], isFirst: boolean }[]} */
    const runs = [];
    for (const number of v.order) {
      const { group } = v.rows[number];
      if (runs.at(-1)?.group === group) runs.at(-1).numbers.push(number);
      else runs.push({ group, numbers: [number], isFirst: runs.every((run) => run.group !== group) });
    }
    return runs;
  }

  // The box of a group shows or hides all of it, wherever its channels stand.
  /** @param {Viewer} v @param {ReturnType<typeof runsOf>[number]} given */
  function section(v, { group, numbers, isFirst }) {
    const list = el("ul", { class: "szv-list szv-channels" }, ...numbers.map((n) => channel(v, n)));
    if (!isFirst) {
      const words = texts.t("channels.more_of", { group: texts.group(group) });
      return el("fieldset", {}, el("legend", {}, words), list);
    }
    const all = v.order.filter((n) => v.rows[n].group === group);
    return el("fieldset", {}, el("legend", {}, groupBox(v, group, all)), list);
  }

  /** @param {Viewer} v @param {string} group @param {number[]} numbers */
  function groupBox(v, group, numbers) {
    const shown = numbers.filter((n) => !v.hidden.has(n)).length;
    const box = el("input", {
      type: "checkbox", checked: shown === numbers.length, indeterminate: shown > 0 && shown < numbers.length,
      "data-focus": `group-${group}`, onchange: (e) => v.show(numbers, e.target.checked),
    });
    return el("label", { class: "szv-check" }, box, el("span", {}, texts.group(group)));
  }

  /** @param {Viewer} v @param {number} number */
  function channel(v, number) {
    const row = v.rows[number];
    const origin = row.how === "exact" ? "" : texts.t(`how.${row.how}`);
    const gain = el("select", {
      class: "szv-gain", "aria-label": texts.t("channels.gain", { label: row.label }),
      "data-focus": `gain-${number}`, onchange: (e) => v.setGain(number, +e.target.value),
    });
    Dom.fill(gain, GAINS.map((g) => [g, `\u00d7${texts.short(g)}`]), v.gains.get(number) || 1);
    const box = el("input", {
      type: "checkbox", checked: !v.hidden.has(number), "data-focus": `show-${number}`,
      onchange: (e) => v.show([number], e.target.checked),
    });
    return el("li", { title: `${row.source} \u00b7 ${texts.short(row.sampling_rate_hz)} Hz \u00b7 ${row.unit}` },
      el("label", { class: "szv-check" }, box,
        el("span", { class: `szv-side-${row.side}` }, row.label || texts.t("channels.unnamed")),
        origin ? el("span", { class: "szv-origin" }, origin) : null),
      v.montage === "recorded" ? wordButton("channels.bad", () => v.toggleBad(number), {
        class: "szv-word szv-bad-button", "aria-pressed": String(v.info.bad.includes(number)),
        "aria-label": `${texts.t("channels.bad")}: ${row.label}`, title: texts.t("channels.bad.help"),
        "data-focus": `bad-${number}`,
      }) : null,
      gain,
      button("up", "channels.up", () => v.moveRow(number, -1),
        { "aria-label": `${texts.t("channels.up")}: ${row.label}`, "data-focus": `up-${number}` }),
      button("down", "channels.down", () => v.moveRow(number, 1),
        { "aria-label": `${texts.t("channels.down")}: ${row.label}`, "data-focus": `down-${number}` }));
  }

  // The traces on the screen as lines to be changed: one derivation each.
  /** @param {Viewer} v @param {Pane} pane */
  function toggleEditor(v, { editor, edit, lines }) {
    editor.hidden = !editor.hidden;
    edit.setAttribute("aria-expanded", String(!editor.hidden));
    if (editor.hidden) return;
    lines.value = v.shown().map((n) => v.rows[n].label).join("\n");
    lines.focus();
  }

  // A montage of the user's own: what is typed, or what is on the screen, in its order.
  /** @param {Viewer} v @param {Pane} pane @param {string} name */
  async function take(v, { editor, lines }, name) {
    const typed = lines.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const labels = editor.hidden ? v.shown().map((n) => v.rows[n].label) : typed;
    const rows = labels.map((derivation) => {
      const known = v.rows.find(({ label }) => label === derivation);
      return known ? { derivation, group: known.group } : { derivation };
    });
    const answer = await v.addMontage(JSON.stringify({ schema_version: 1, name, rows }));
    const lacking = editor.hidden ? [] : v.missing.filter((one) => typed.includes(one)); // not what "*" meant
    if (answer && lacking.length) v.complain(texts.t("montage.unknown", { list: lacking.join(", ") }), lines);
    return answer;
  }

  /** @param {Viewer} v @param {Pane} pane */
  function showTyped(v, pane) {
    return take(v, pane, pane.name.value.trim() || texts.t("montage.own"));
  }

  /** @param {Viewer} v @param {Pane} pane */
  async function saveMontage(v, pane) {
    const name = pane.name.value.trim();
    if (!name) {
      pane.name.focus();
      v.complain(texts.t("montage.name_first"), pane.name);
      return;
    }
    const answer = await take(v, pane, name);
    if (!answer) return;
    const file = `${name.replace(/[^\p{L}\p{N}_-]+/gu, "_")}.montage.json`;
    Dom.save(file, new Blob([answer.text], { type: "application/json" }));
  }

  /** @param {Viewer} v */
  function loadMontage(v) {
    Dom.pickFile(".json", 60000, (_name, _content, bytes) => v.addMontage(new TextDecoder().decode(bytes)),
      (message) => v.complain(message));
  }

  return { build, update };
})();
