// A click on a strip asks for the EEG of that place.

element.addEventListener("click", (event) => {
  const strip = /** @type {Element} */ (event.target).closest(".zoo-strips svg");
  if (!strip) return;
  const box = strip.getBoundingClientRect();
  /** @type {HTMLElement} */
  const strips = strip.closest(".zoo-strips");
  const share = (/** @type {MouseEvent} */ (event).clientX - box.left) / box.width;
  trigger("eeg_asked", { time_s: share * Number(strips.dataset.duration) });
});
