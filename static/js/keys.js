// Keys: an element with data-key is clicked when its key is pressed outside of a field.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find((each) => each.checkVisibility());
  if (!found) return;
  event.preventDefault();
  found.matches("input, textarea") ? found.focus() : found.click();
});
