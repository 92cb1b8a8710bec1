// A press on a chart over time brings that moment's EEG to the viewer above.
element.addEventListener("click", ({ clientX, clientY }) => {
  for (const axes of element.querySelectorAll(".time-axis")) {
    const { left, right, top, bottom } = axes.getBoundingClientRect();
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) continue;
    const { start, stop } = /** @type {SVGElement} */ (axes).dataset;
    const share = (clientX - left) / (right - left);
    showMoment(Number(start) + share * (Number(stop) - Number(start)));
  }
});

/** @param {number} time_s */
function showMoment(time_s) {
  /** @type {HTMLElement & { szViewer?: { showEvent: (event: object) => void } }} */
  const shown = document.querySelector("#eeg .szv").parentElement;
  shown.szViewer.showEvent({ onset_s: Math.round(time_s * 10) / 10, duration_s: 0 });
  shown.scrollIntoView({ block: "nearest", behavior: "smooth" });
}
