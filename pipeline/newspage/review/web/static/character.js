// One character over all its places: those that are another one are struck out, and changed together.

import { byId, data, el, help, readOnly, say, t, visible } from "./base.js";
import { cropAddress } from "./crops.js";
import { keys } from "./keys.js";
import { save } from "./outbox.js";

const places = data.sheet.places;
const struck = new Set();
const box = byId("glyphs");
let sending = false;

function made(place, index) {
  const text = el("span", { class: "around", lang: "zh" }, visible(place.before.slice(-4)), el("b", {}, data.sheet.character), visible(place.after.slice(0, 4)));
  const image = el("img", { src: cropAddress(place.scan, place.box, 160), alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  const title = `${visible(place.before)}${data.sheet.character}${visible(place.after)} · ${place.stem} · ${Math.round(100 * place.confidence)} %`;
  const role = readOnly ? {} : { role: "checkbox", "aria-checked": "true", tabindex: "0" };
  const tile = el("div", { class: "glyph", "data-index": index, title, ...role }, image, text);
  if (!readOnly) tile.addEventListener("click", () => strike(tile));
  return tile;
}

function strike(tile) {
  if (sending) return;
  const index = Number(tile.dataset.index);
  if (struck.has(index)) struck.delete(index);
  else struck.add(index);
  tile.classList.toggle("struck", struck.has(index));
  tile.setAttribute("aria-checked", String(!struck.has(index)));
  draw();
}

function draw() {
  const confirm = byId("confirm");
  if (!confirm) return;
  confirm.textContent = t("character.change", { n: struck.size });
  confirm.disabled = sending || !struck.size || !byId("instead").value.trim();
}

// Change all that are struck out, in each article from its end on: what stands before keeps its place.
async function change() {
  const text = byId("instead").value.trim();
  if (sending || !struck.size || !text) return;
  sending = true;
  draw();
  const chosen = [...struck].map((index) => places[index]).sort((one, two) => two.at - one.at);
  const seen = new Map();
  let done = 0;
  try {
    for (const place of chosen) {
      const key = `${place.stem}\n${place.article}`;
      const { receipts } = await save("write", { stem: place.stem, article: place.article, start: place.at, end: place.at + 1, text, seen: seen.get(key) ?? place.seen });
      seen.set(key, receipts[0].seen);
      done += 1;
    }
    location.reload();
  } catch (error) {
    say(error.message);
    // What was changed is no place of the character any more.
    if (done) setTimeout(() => location.reload(), 4000);
    sending = false;
    draw();
  }
}

if (box) {
  box.append(...places.map(made));
  byId("instead")?.addEventListener("input", draw);
  byId("change")?.addEventListener("submit", (event) => {
    event.preventDefault();
    change();
  });
  draw();
}

const here = () => document.activeElement?.closest(".glyph");
function move(step) {
  const now = here();
  const next = now ? (step > 0 ? now.nextElementSibling : now.previousElementSibling) : box?.firstElementChild;
  next?.focus();
}

async function undo() {
  try {
    await save("undo", {});
    location.reload();
  } catch (error) {
    say(error.status === 404 ? t("question.nothing-to-undo") : error.message);
  }
}

keys({
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  j: () => move(1),
  k: () => move(-1),
  x: () => here() && !readOnly && strike(here()),
  " ": () => here() && !readOnly && strike(here()),
  e: () => byId("instead")?.focus(),
  u: () => readOnly || undo(),
  "?": help,
}, ["ArrowRight", "ArrowLeft", "j", "k"]);
