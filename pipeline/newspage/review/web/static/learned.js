// Suggestions: one key adopts, one dismisses.

import { help, readOnly, say, t } from "./base.js";
import { keys } from "./keys.js";
import { save } from "./outbox.js";

const items = [...document.querySelectorAll(".suggestion")];

async function decide(item, path, state) {
  if (!item || readOnly || !item.classList.contains("open") || item.ariaBusy) return;
  item.ariaBusy = "true";
  try {
    await save(path, { key: item.dataset.key });
    item.classList.replace("open", state);
    item.querySelector(".state").textContent = t(`learned.${state}`);
    item.focus();
    item.querySelector(".buttons")?.remove();
    move(1);
  } catch (error) {
    say(error.message);
  } finally {
    item.ariaBusy = null;
  }
}

const here = () => document.activeElement?.closest(".suggestion");

function move(step) {
  const at = items.indexOf(here());
  items[Math.min(items.length - 1, Math.max(0, at + step))]?.focus();
}

for (const item of items) {
  item.querySelector(".adopt")?.addEventListener("click", () => decide(item, "adopt", "adopted"));
  item.querySelector(".dismiss")?.addEventListener("click", () => decide(item, "dismiss", "dismissed"));
}
keys({
  a: () => decide(here(), "adopt", "adopted"),
  d: () => decide(here(), "dismiss", "dismissed"),
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  "?": help,
}, ["j", "k", "ArrowDown", "ArrowUp"]);
