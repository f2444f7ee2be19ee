/** Small repairs to what the theme does on a page. */
(function () {
  "use strict";
  // The theme gives wide code a tab stop, so that keys can scroll it, whenever the window is resized;
  // code in a fold becomes wide only when the fold opens.
  const look = () => dispatchEvent(new Event("resize"));
  addEventListener("toggle", look, true);
  addEventListener("click", (event) => event.target.closest?.(".toggle, .toggle-button") && setTimeout(look, 50));
})();
