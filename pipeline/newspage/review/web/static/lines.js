// Lines to be typed, one after the other: Enter saves one and shows the next.

import { get } from "./api.js";
import { byId, data, help, pagePath, readOnly, say, t } from "./base.js";
import { cutting, preload } from "./crops.js";
import { draftsAt, keepDraft } from "./drafts.js";
import { composing } from "./keys.js";
import { beingSent, save } from "./outbox.js";

// Lines fetched ahead of the one shown. Judgement, not measured.
const AHEAD = 3;
// Longest stretch of a line that is shown in one piece, in thicknesses, and how far pieces overlap:
// what is legible beside the field. Judgement.
const PIECE = { vertical: 10, horizontal: 20, overlap: 0.6 };
// Lines as they were fetched, by number; null for one that is not on its page any more.
const lines = new Map();
// Numbers of the lines that were typed here, the latest last, with the promise of their decision.
const typed = [];
// What was typed into lines whose saving was refused, with the reason.
const refused = new Map();
const field = byId("edit");
let at = -1;
let moving = 0;

async function load(number) {
  if (number < 0 || number >= data.count) return null;
  if (!lines.has(number)) {
    try {
      const line = await get(`line/${number}`);
      for (const box of piecesOf(line)) preload(line.scan, box);
      lines.set(number, line);
    } catch (error) {
      if (error.kind !== "unknown") throw error;
      lines.set(number, null);
    }
  }
  return lines.get(number);
}

// Return the boxes of the pieces that a line is shown in, in reading order.
function piecesOf({ box: [left, top, right, bottom], vertical }) {
  const [from, to, across] = vertical ? [top, bottom, right - left] : [left, right, bottom - top];
  const count = Math.max(1, Math.ceil((to - from) / (across * (vertical ? PIECE.vertical : PIECE.horizontal))));
  const length = (to - from) / count;
  return Array.from({ length: count }, (_, i) => {
    const start = Math.max(from, from + i * length - PIECE.overlap * across);
    const end = Math.min(to, from + (i + 1) * length + PIECE.overlap * across);
    return vertical ? [left, start, right, end] : [start, top, end, bottom];
  });
}

const placeOf = (line) => `l/${encodeURIComponent(line.stem)}/${encodeURIComponent(line.line)}`;
const isTyped = (number) => typed.some((one) => one.number === number);

function showEnd(words) {
  byId("end").textContent = words;
  byId("end").hidden = !words;
  byId("card").hidden = Boolean(words);
}

function draw(line) {
  showEnd("");
  const why = refused.get(at)?.why ?? "";
  const draft = draftsAt(placeOf(line)).find((one) => !beingSent(one));
  byId("where").textContent = `${line.stem}${line.done ? ` · ${t("lines.done")}` : ""}`;
  byId("left").textContent = t("lines.count", { n: at + 1, all: data.count });
  byId("stale").textContent = why;
  byId("stale").hidden = !why;
  byId("card").classList.toggle("vertical", line.vertical);
  byId("strip").replaceChildren(...piecesOf(line).map((box) => cutting({ scan: line.scan, boxes: [] }, box, t("lines.strip"))));
  byId("whole").href = pagePath(line.stem);
  field.value = refused.get(at)?.text ?? draft?.text ?? line.text;
  field.focus();
  field.setSelectionRange(0, 0);
}

// Show the next line in a direction; forward, lines that somebody has decided on are passed over.
async function go(step, from = at) {
  const turn = (moving += 1);
  let next = from + step;
  try {
    while (next >= 0 && next < data.count) {
      const line = await load(next);
      if (turn !== moving) return;
      if (line && (step < 0 || refused.has(next) || !(line.done || isTyped(next)))) {
        at = next;
        draw(line);
        for (let more = 1; more <= AHEAD; more += 1) load(next + more).catch(() => {});
        return;
      }
      next += step;
    }
  } catch (error) {
    say(error.message);
    return;
  }
  if (step > 0) {
    at = data.count;
    showEnd(t("lines.end", { n: typed.length }));
  }
}

function enter() {
  const line = lines.get(at);
  if (readOnly || !line) return;
  const number = at;
  const text = field.value;
  const draft = keepDraft(placeOf(line), text, line.text);
  refused.delete(number);
  const saved = save("line", { stem: line.stem, line: line.line, text, seen: line.text }, draft);
  const one = { number, uid: saved.then((result) => result.receipts[0].uid).catch(() => "") };
  typed.push(one);
  // What stands there now is fetched when the line is shown again.
  saved.then(() => lines.delete(number)).catch((error) => {
    typed.splice(typed.indexOf(one), 1);
    lines.delete(number);
    refused.set(number, { text, why: error.message });
    say(error.message);
  });
  go(1);
}

async function undo() {
  const last = typed.pop();
  if (readOnly || !last) {
    say(t("question.nothing-to-undo"));
    return;
  }
  const uid = await last.uid;
  if (uid) {
    try {
      await save("undo", { uid });
      say(t("question.undone", { n: 1 }));
    } catch (error) {
      say(error.message);
    }
  }
  lines.delete(last.number);
  go(-1, last.number + 1);
}

field.addEventListener("input", () => {
  const line = lines.get(at);
  if (line) keepDraft(placeOf(line), field.value, line.text);
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
  event.preventDefault();
  if (!event.repeat) enter();
});
byId("editor").addEventListener("submit", (event) => {
  event.preventDefault();
  enter();
});
byId("skip").addEventListener("click", () => go(1));
byId("back").addEventListener("click", () => go(-1));
byId("undo")?.addEventListener("click", undo);
byId("keys").addEventListener("click", help);
document.addEventListener("keydown", (event) => {
  if (composing(event) || event.repeat || document.querySelector("dialog[open]")) return;
  const act =
    event.altKey && event.code === "KeyZ"
      ? undo
      : { PageDown: () => go(1), PageUp: () => go(-1), F1: help }[event.altKey || event.ctrlKey || event.metaKey ? "" : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
go(1);
