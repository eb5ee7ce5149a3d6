// What every staff page may use: Copy buttons, and an answer that htmx can't put into the page.
"use strict";

// <button data-copy="#id" hidden>: copies the text, or the value, of what it names.
function offerCopy(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

async function copy(button) {
  const from = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(from.value ?? from.textContent.trim());
  const words = button.querySelector("[data-words]") ?? button;
  const before = words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => { words.textContent = before; }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button).catch(() => getSelection().selectAllChildren(document.querySelector(button.dataset.copy)));
});
document.addEventListener("htmx:after:swap", () => offerCopy(document));
// A login that ended, a fault: shown as the whole page that it is.
document.addEventListener("htmx:after:request", (event) => {
  const status = event.detail.ctx.response?.status ?? event.detail.ctx.response?.raw?.status;
  if (status >= 400) location.reload();
});
offerCopy(document);
