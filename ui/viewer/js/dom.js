// Small helpers to build controls that have names, and the words they bear.
const texts = (() => {
  /** @type {Record<string, Record<string, string>>} */ const tables = TEXTS;
  let words = tables.en;
  /** @type {Record<string, string>} */ const titles = {};

  /** @param {string} language */
  function choose(language) {
    words = tables[(language || "en").slice(0, 2).toLowerCase()] || tables.en;
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  function t(key, values = {}) {
    const text = words[key] ?? tables.en[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /** @param {string} key */
  function has(key) {
    return key in words;
  }

  // Titles of the types that a review adds to the built-in ones.
  /** @param {RecordingInfo["types"]} types */
  function addKinds(types) {
    for (const { code, title } of types) titles[code] = title;
  }

  /** @param {string} code */
  function kind(code) {
    if (titles[code]) return titles[code];
    return has(`kind.${code}`) ? t(`kind.${code}`) : code;
  }

  // Names of groups are ours for built-in montages and the user's own otherwise.
  /** @param {string} name */
  function group(name) {
    return has(`group.${name}`) ? t(`group.${name}`) : name;
  }

  // A number as the language of the page writes it, with so many decimals.
  /** @param {number} value @param {number} [decimals] */
  function number(value, decimals = 0) {
    return written(value.toFixed(decimals));
  }

  // The same with no more decimals than it needs.
  /** @param {number} value @param {number} [most] */
  function short(value, most = 6) {
    return written(String(+value.toFixed(most)));
  }

  /** @param {string} digits */
  function written(digits) {
    return digits.replace("-", "\u2212").replace(".", t("decimal.point"));
  }

  return { choose, t, has, addKinds, kind, group, number, short };
})();

const Dom = (() => {
  /** @typedef {keyof typeof ICONS} Icon */
  const ICONS = {
    trends: "M3 17l5-7 4 4 4-9 5 8M3 21h18",
    spectrum: "M4 4v16h16M7 7c1 9 2 9 4 6s2-3 3 1 3 4 6 4",
    auto: "M12 3a9 9 0 1 0 .01 0M10 8l6 4-6 4z",
    first: "M6 5v14M19 5l-9 7 9 7z",
    back: "M12 5l-7 7 7 7zM20 5l-7 7 7 7z",
    left: "M16 5l-8 7 8 7z",
    right: "M8 5l8 7-8 7z",
    forward: "M12 5l7 7-7 7zM4 5l7 7-7 7z",
    last: "M18 5v14M5 5l9 7-9 7z",
    less: "M5 12h14",
    more: "M5 12h14M12 5v14",
    undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4",
    redo: "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h4",
    move: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
    measure: "M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2",
    mark: "M6 21V4h12l-3 4 3 4H6",
    zoom: "M10 4a6 6 0 1 0 .01 0M15 15l5 5M7 10h6M10 7v6",
    panel: "M4 5h16v14H4zM15 5v14",
    jump: "M5 12h12M13 7l5 5-5 5",
    yes: "M5 12l5 5L19 7",
    no: "M6 6l12 12M18 6L6 18",
    up: "M6 15l6-7 6 7",
    down: "M6 9l6 7 6-7",
    edit: "M5 19l1-4L16 5l3 3L9 18z",
    help: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17.5v.5",
    full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  };

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Attributes<HTMLElementTagNameMap[Tag]>} [attributes] - handlers are named `on...`
   * @param {(Node | string | null | undefined)[]} children
   * @returns {HTMLElementTagNameMap[Tag]}
   */
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
      else if (name === "class") element.className = String(value);
      else if (name in element && typeof value !== "string") Object.assign(element, { [name]: value });
      else element.setAttribute(name, String(value));
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  /** @param {Icon} name */
  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", ICONS[name]);
    svg.append(shape);
    return svg;
  }

  /**
   * @param {Icon} name
   * @param {string} key
   * @param {() => void} onclick
   * @param {Attributes<HTMLButtonElement>} [attributes]
   */
  function button(name, key, onclick, attributes = {}) {
    const words = texts.t(key);
    const own = { type: "button", class: "szv-icon", "aria-label": words, title: words };
    return el("button", { ...own, onclick, ...attributes }, icon(name));
  }

  /**
   * @param {string} key
   * @param {() => void} onclick
   * @param {Attributes<HTMLButtonElement>} [attributes]
   */
  function wordButton(key, onclick, attributes = {}) {
    return el("button", { type: "button", class: "szv-word", onclick, ...attributes }, texts.t(key));
  }

  // A list of choices with a visible label; `choices` are [value, words].
  /**
   * @param {string} key
   * @param {Choice[]} choices
   * @param {string | number} value
   * @param {(value: string) => void} onchange
   * @param {Attributes<HTMLSelectElement>} [attributes]
   */
  function select(key, choices, value, onchange, attributes = {}) {
    const list = el("select", {
      "aria-label": texts.t(key), onchange: (e) => onchange(e.target.value), ...attributes,
    });
    fill(list, choices, value);
    return { list, label: el("label", { class: "szv-field" }, el("span", {}, texts.t(key)), list) };
  }

  /**
   * @param {HTMLSelectElement} list
   * @param {Choice[]} choices
   * @param {string | number} value
   */
  function fill(list, choices, value) {
    const options = [...list.options];
    const isFilled = options.length === choices.length && choices.every(([v, words], i) =>
      options[i].value === String(v) && options[i].text === words);
    if (!isFilled) {
      list.replaceChildren(...choices.map(([v, words]) => el("option", { value: String(v) }, words)));
    }
    if (list.value !== String(value)) list.value = String(value);
  }

  // Draws a list again; the keyboard stays at the control it was at, or goes to the EEG.
  /**
   * @param {Viewer} v
   * @param {HTMLElement} list
   * @param {HTMLElement[]} children
   */
  function redraw(v, list, children) {
    const focused = list.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement) : null;
    list.replaceChildren(...children);
    if (!focused) return;
    const name = focused.dataset.focus;
    /** @type {HTMLElement | null} */
    const again = name && list.querySelector(`[data-focus="${CSS.escape(name)}"]`);
    (again || v.overlay).focus({ preventScroll: true });
  }

  /**
   * @param {string} words
   * @param {boolean} checked
   * @param {(on: boolean) => void} onchange
   * @param {Attributes<HTMLInputElement>} [attributes]
   */
  function checkbox(words, checked, onchange, attributes = {}) {
    const box = el("input", {
      type: "checkbox", checked, onchange: (e) => onchange(e.target.checked), ...attributes,
    });
    return el("label", { class: "szv-check" }, box, el("span", {}, words));
  }

  /** @param {string} name @param {Blob} blob */
  function save(name, blob) {
    const link = el("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // Lets the user choose a file; calls back with its name and bytes as base64.
  /**
   * @param {string} accept
   * @param {number} largest
   * @param {(name: string, content: string, bytes: Uint8Array) => void} then
   * @param {(message: string) => void} refuse
   */
  function pickFile(accept, largest, then, refuse) {
    const input = el("input", {
      type: "file", accept,
      onchange: async () => {
        const file = input.files[0];
        if (!file) return;
        if (file.size > largest) {
          refuse(texts.t("error.file_too_large", { megabytes: Math.round(largest / 1048576) }));
          return;
        }
        const bytes = new Uint8Array(await file.arrayBuffer());
        let binary = "";
        for (let i = 0; i < bytes.length; i += 32768) {
          binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
        }
        then(file.name, btoa(binary), bytes);
      },
    });
    input.click();
  }

  return { el, icon, button, wordButton, select, fill, redraw, checkbox, save, pickFile };
})();
