// Returns what nobody can see whole: elements that end beyond the page or beyond what clips them,
// and frames that scroll sideways without being meant to. Given a selector of those that are.
(meant) => {
  const page = document.documentElement;
  const says = (one) =>
    `${one.tagName} in #${one.closest("[id]")?.id}: ${one.innerText.slice(0, 60)}`;

  const rightEdge = (element) => {
    for (let one = element.parentElement; one && one !== page; one = one.parentElement) {
      const { overflowX, position } = getComputedStyle(one);
      if (overflowX === "auto" || overflowX === "scroll") return Infinity;
      if (overflowX === "hidden" || overflowX === "clip") return one.getBoundingClientRect().right;
      if (position === "fixed") break;
    }
    return page.clientWidth;
  };

  const isCutOff = (element) => {
    const { overflowX } = getComputedStyle(element);
    const place = element.getBoundingClientRect();
    if (place.width < 1 || place.height < 1) return false;
    const isFrame = overflowX === "auto" || overflowX === "scroll";
    const hides = isFrame && element.scrollWidth > element.clientWidth + 1;
    return (hides && !element.matches(meant)) || place.right > rightEdge(element) + 1;
  };

  return [...document.querySelectorAll("body *")]
    .filter((one) => one instanceof HTMLElement && !one.closest(".visually-hidden, .sr-only"))
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(isCutOff)
    .map(says);
}
