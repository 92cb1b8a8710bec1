// A click on a layer of the drawing opens its form in the list of layers.

element.addEventListener("click", (event) => {
  const layer = /** @type {Element} */ (event.target).closest("g.layer");
  if (!(layer instanceof SVGElement)) return;
  const row = document.querySelector(`#layers [data-place="${CSS.escape(layer.dataset.place)}"]`);
  if (!(row instanceof HTMLDetailsElement)) return;
  for (let one = row; one; one = one.parentElement.closest("details")) one.open = true;
  row.scrollIntoView({ block: "nearest", behavior: "smooth" });
  row.querySelector("summary").focus({ preventScroll: true });
});
