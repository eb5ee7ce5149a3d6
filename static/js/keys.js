// Keys: what a page declares, and nothing else.
// data-key="s": clicked when s is pressed outside of fields; a field with it is focused.
// data-card: j and k walk these, and open the one they come to (its first link) where its page
// stands beside the list; x ticks the box of the one where you are.
// Escape leaves a field and closes what is open.
"use strict";

const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select";
const seen = (each) => each.checkVisibility();

// Where in the list you are: the card that is open, else the one with the focus.
function here(cards) {
  return cards.findIndex((each) => each.contains(document.activeElement)) + 1
    || cards.findIndex((each) => each.ariaCurrent) + 1;
}

function walk(step) {
  const cards = [...document.querySelectorAll("[data-card]")].filter(seen);
  const card = cards[here(cards) - 1 + step];
  if (!card) return false;
  const link = card.querySelector("a");
  link.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  card.dispatchEvent(new CustomEvent("walked", { bubbles: true, detail: { link } }));
  return true;
}

function tick() {
  const cards = [...document.querySelectorAll("[data-card]")].filter(seen);
  cards[here(cards) - 1]?.querySelector("input[type=checkbox]")?.click();
}

function leave(target) {
  const open = [...document.querySelectorAll("details.menu[open]")].pop();
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (target.matches(FIELDS)) {
    target.blur();
  }
}

// A menu that a key opened is walked on from its first choice.
function press(found) {
  if (found.matches(FIELDS)) return found.focus();
  found.click();
  if (found.matches("summary") && found.parentElement.open) {
    found.parentElement.querySelector("button, a, input:not([type=hidden])")?.focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return leave(event.target);
  if (event.target.closest(FIELDS)) return;
  if (event.key === "j" || event.key === "k") {
    if (walk(event.key === "j" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (event.repeat) return;
  if (event.key === "x") return tick();
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(seen);
  if (!found) return;
  event.preventDefault();
  // a page may ask to wait: what is shown is about to be something else
  const ask = new CustomEvent("pressed", { bubbles: true, cancelable: true, detail: { key: event.key } });
  if (found.dispatchEvent(ask)) press(found);
});
