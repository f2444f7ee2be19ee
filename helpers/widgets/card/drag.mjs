/** What a pointer drags: one way for every widget, so that mouse, finger and pen do the same everywhere. */

/**
 * Lets a pointer drag an element.
 * @param {Element & any} element its style says which way a finger still scrolls the page (`touch-action`)
 * @param {(event: PointerEvent) => any} take what the drag starts from; null to leave it
 * @param {(event: PointerEvent, from: any) => void} move
 * @param {(event: PointerEvent, from: any) => void} [drop] the event says whether it was let go or cancelled
 * @param {{waits?: boolean}} [how] waits: what a finger takes is taken once it does not scroll the page
 */
export function draggable(element, take, move, drop = () => {}, { waits = false } = {}) {
  let from = null;
  let pressed = null; // by a finger that may yet scroll the page
  function begin(event) {
    pressed = null;
    from = take(event);
    if (from === null) return;
    element.setPointerCapture(event.pointerId);
    element.classList.add("dragging");
  }
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (waits && event.pointerType === "touch") pressed = event;
    else begin(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (pressed && Math.abs(event.clientX - pressed.clientX) > Math.abs(event.clientY - pressed.clientY))
      begin(pressed);
    if (from !== null) move(event, from);
  });
  const letGo = (event) => {
    if (pressed && event.type === "pointerup") begin(pressed);
    pressed = null;
    if (from === null) return;
    const began = from;
    from = null;
    element.classList.remove("dragging");
    drop(event, began);
  };
  element.addEventListener("pointerup", letGo);
  element.addEventListener("pointercancel", letGo);
}
