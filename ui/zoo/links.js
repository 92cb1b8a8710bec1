// Words in a card or a table that name a net open that net's card.

element.addEventListener("click", (event) => {
  /** @type {HTMLElement | null} */
  const link = /** @type {Element} */ (event.target).closest("[data-net]");
  if (link) trigger("net_chosen", { net: link.dataset.net });
});
