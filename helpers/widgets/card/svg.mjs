/** Drawings: SVG elements, and what a pointer drags in them. */

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElement & any}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  place(element, attributes);
  element.append(...children);
  return element;
}

/** Sets attributes of an element where they change. @param {Element} element @param {Record<string, any>} attributes */
export function place(element, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Where a pointer is, in the units of a drawing's viewBox.
 * @param {SVGSVGElement} drawing
 * @param {PointerEvent} event
 */
export function pointIn(drawing, event) {
  const { left, top, width, height } = drawing.getBoundingClientRect();
  const box = drawing.viewBox.baseVal;
  return {
    x: box.x + ((event.clientX - left) / width) * box.width,
    y: box.y + ((event.clientY - top) / height) * box.height,
  };
}
