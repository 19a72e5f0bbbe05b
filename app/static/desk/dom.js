// Elements without markup from texts: what people typed is never read as HTML.

/** An element: attributes (`on…` are listeners; null, undefined and false are left out), then what is in it. */
export function h(tag, attributes = {}, ...within) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...within.flat(Infinity).filter((item) => item !== null && item !== undefined && item !== false));
  return element;
}

/** Tells aloud what has happened, for those who see and for those who listen. */
export function tell(text) {
  document.querySelector("[role=status]").textContent = text;
}
