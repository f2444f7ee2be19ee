/** What a pointer drags: one way for every widget, so that mouse, finger and pen do the same everywhere. */

/**
 * Lets a pointer drag an element.
 * @param {Element & any} element its style says which way a finger still scrolls the page (`touch-action`)
 * @param {(event: PointerEvent) => any} take what the drag starts from; null to leave it
 * @param {(event: PointerEvent, from: any) => void} move
 * @param {(event: PointerEvent, from: any) => void} [drop] the event says whether it was let go or cancelled
 */
export function draggable(element, take, move, drop = () => {}) {
  let from = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = take(event);
    if (from === null) return;
    element.setPointerCapture(event.pointerId);
    element.classList.add("dragging");
  });
  element.addEventListener("pointermove", (event) => from !== null && move(event, from));
  const letGo = (event) => {
    if (from === null) return;
    const began = from;
    from = null;
    element.classList.remove("dragging");
    drop(event, began);
  };
  element.addEventListener("pointerup", letGo);
  element.addEventListener("pointercancel", letGo);
}
