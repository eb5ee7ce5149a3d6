// The inbox: the event beside the list follows it, a decision brings the next one, and new ones
// are asked for while somebody looks. Without this file links and forms do the same, page by page.
"use strict";

const pane = () => document.getElementById("event");
const list = () => document.getElementById("list");
const card = (pid) => document.getElementById(`card-${pid}`);
const pidOf = (each) => each?.id.slice("card-".length);
const beside = () => Boolean(list()?.checkVisibility() && pane()?.checkVisibility());

let wanted = null; // the event that was walked to and is not shown yet
let held = null; // a key that was pressed meanwhile
let sending = false; // a decision is under way

// Which card is open. The focus goes along where the part that held it was replaced.
function mark(pid) {
  for (const each of list().querySelectorAll("[data-card]")) {
    const open = pidOf(each) === pid;
    each.classList.toggle("is-selected", open);
    if (open) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
}

// The card after it, else the one before it: what is looked at when this one is decided.
function following(pid) {
  const cards = [...list().querySelectorAll("[data-card]")];
  const at = cards.findIndex((each) => pidOf(each) === pid);
  if (cards.length - at < 6) document.getElementById("more")?.click();
  return pidOf(cards[at + 1] ?? cards[at - 1]);
}

// On a phone an event is a page of its own: links and forms go there as without a script.
for (const kind of ["click", "submit"]) {
  document.addEventListener(kind, (event) => {
    const its = event.target.closest(kind === "click" ? "a[data-beside]" : "form[data-beside]");
    if (its && !beside()) event.stopPropagation();
  }, true);
}

document.addEventListener("walked", (event) => {
  if (!beside()) return;
  wanted = pidOf(event.target);
  mark(wanted);
  event.detail.link.click();
  const cards = [...list().querySelectorAll("[data-card]")];
  if (cards.indexOf(event.target) > cards.length - 6) document.getElementById("more")?.click();
});

// How many are chosen.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".card-pick")) return;
  document.getElementById("chosen-n").textContent = document.querySelectorAll(".card-pick:checked").length;
});

// A key for the open event waits until that is the one that was walked to; a second decision
// never follows before its event is seen.
document.addEventListener("pressed", (event) => {
  if (!pane()?.contains(event.target)) return;
  if (sending || wanted) event.preventDefault();
  if (wanted && !sending) held = event.detail.key;
});

document.addEventListener("htmx:config:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  if (request.method !== "POST" || sourceElement.getAttribute("hx-target") !== "#event") return;
  sending = true;
  const next = following(pane().dataset.pid);
  if (next) request.body.set("next", next);
  request.body.set("since", document.getElementById("news")?.dataset.since ?? "0");
});

document.addEventListener("htmx:before:request", (event) => {
  if (event.detail.ctx.sourceElement.id === "news" && document.hidden) event.preventDefault();
});

// The poll finds the server busy or away: it asks again in three seconds, and nothing is reloaded.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement.id === "news" && response?.status >= 500) event.stopPropagation();
}, true);

// What was walked to can't be had: the keys are for what is shown.
document.addEventListener("htmx:error", () => {
  wanted = held = null;
  if (list()) mark(pane()?.dataset.pid);
});

document.addEventListener("htmx:finally:request", (event) => {
  if (event.detail.ctx.request.method === "POST") sending = false;
});

document.addEventListener("htmx:after:swap", () => {
  const pid = pane()?.dataset.pid;
  if (!list()) return;
  mark(wanted ?? pid);
  if (wanted && wanted !== pid) return;
  wanted = null;
  if (document.activeElement === document.body) {
    const link = card(pid)?.querySelector("a");
    link?.focus({ preventScroll: true });
    card(pid)?.scrollIntoView({ block: "nearest" });
  }
  if (held) {
    const key = held;
    held = null;
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
});
