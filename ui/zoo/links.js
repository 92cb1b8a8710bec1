// Words in a card or a table that name a model open that model's card.

element.addEventListener("click", (event) => {
  /** @type {HTMLElement | null} */
  const link = /** @type {Element} */ (event.target).closest("[data-model]");
  if (link) trigger("model_chosen", { model: link.dataset.model });
});
