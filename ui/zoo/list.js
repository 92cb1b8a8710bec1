// The list of models: a click opens a model, a tick puts it among those to compare, arrow keys walk.
// The list is drawn by the server; which model is chosen is marked here, so that the focus stays.

const NARROW_PX = 900;

function buttons() {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const found = element.querySelectorAll(".zoo-open");
  return [...found];
}

/** @param {HTMLButtonElement} chosen */
function mark(chosen) {
  for (const button of buttons()) {
    const isChosen = button === chosen;
    button.closest("li").classList.toggle("chosen", isChosen);
    if (isChosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** @param {HTMLButtonElement} button */
function choose(button) {
  mark(button);
  trigger("model_chosen", { model: button.dataset.model });
  if (window.innerWidth < NARROW_PX) {
    document.querySelector("#zoo-detail")?.scrollIntoView({ behavior: "smooth" });
  }
}

element.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const item = target.closest("li.zoo-model");
  if (!item || target.closest(".zoo-pick")) return;
  choose(item.querySelector(".zoo-open"));
});

element.addEventListener("change", (event) => {
  if (/** @type {Element} */ (event.target).closest("[data-pick]")) trigger("model_picked", {});
});

element.addEventListener("keydown", (event) => {
  const all = buttons();
  const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (at < 0 || goal === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(goal, all.length - 1))].focus();
});
