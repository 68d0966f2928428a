// One question after the other. The next ones are here before they are asked for.

import { get } from "./api.js";
import { byId, data, help, pagePath, query, readOnly, say, t, visible } from "./base.js";
import { drawCard, drawDraft, drawWitness } from "./card.js";
import { preload } from "./crops.js";
import { draftsAt, dropDraft, keepDraft } from "./drafts.js";
import { composing, keys } from "./keys.js";
import { beingSent, pending, save, stuck } from "./outbox.js";
import { Walk } from "./walk.js";

// Questions fetched ahead of the one shown. Judgement, not measured.
const AHEAD = 6;
// Milliseconds until the server is asked again for further questions. Judgement, not measured.
const ASK_AGAIN = 3000;
// Rows of a request; the server gives no more (MOST of endpoints.py).
const LARGE = 500;
const filter = { ...data.filter, sort: data.sort };

let left = null;
const walk = new Walk(filter, {
  counted: (n) => {
    left = n;
    drawLeft();
  },
});
const { rows, decided } = walk;
const views = new Map([[data.view.question.id, data.view]]);
const loading = new Map();
// Questions whose answer was refused, with the words for it: shown as soon as nobody is disturbed.
const conflicts = new Map();
let at = 0;
let zoomed = false;
let moving = false;

const current = () => rows[at];
const writing = () => !byId("editor").hidden;

function load(id) {
  if (views.has(id)) return Promise.resolve(views.get(id));
  if (!loading.has(id)) {
    const coming = get(`question/${id}`)
      .then((view) => {
        views.set(id, view);
        return view;
      })
      .finally(() => loading.delete(id));
    loading.set(id, coming);
  }
  return loading.get(id);
}

function ahead() {
  for (const question of rows.slice(at + 1, at + 1 + AHEAD)) {
    preload(question.scan, question.strip);
    load(question.id).catch(() => {});
  }
  if (rows.length - at <= AHEAD + 4) walk.more().catch(() => {});
}

// Screen readers are told which question came; the first one they read themselves.
let heard = data.view.question.id;
function hear(question) {
  if (heard === question.id) return;
  heard = question.id;
  const change = `${visible(question.original) || t("nothing")} → ${visible(question.proposed) || t("nothing")}`;
  byId("heard").textContent = `${t(`rule.${question.rule}`)}: ${change}. ${visible(question.before)}${visible(question.original)}${visible(question.after)}`;
}

function drawLeft() {
  // Only of those that are open can one say how many are left.
  byId("left").textContent = left === null || filter.state !== "open" ? "" : t("question.left", { n: left });
}

function stateOf(question) {
  if (question.status !== "proposed") return t(`status.${question.status}`);
  return decided.has(question.id) ? t("status.waiting") : "";
}

const draftPlace = (question) => `q/${question.id}`;
const draftOf = (question) => draftsAt(draftPlace(question)).find((draft) => !beingSent(draft));

function showEnd(words) {
  byId("end").textContent = words;
  byId("end").hidden = !words;
  byId("card").hidden = Boolean(words);
  for (const button of document.querySelectorAll(".actions button:not(#undo):not(#keys)")) button.disabled = Boolean(words);
}

function draw() {
  const question = current();
  if (!question) return undefined;
  showEnd("");
  const view = views.get(question.id);
  const conflict = conflicts.get(question.id);
  conflicts.delete(question.id);
  byId("stale").textContent = conflict ?? "";
  byId("stale").hidden = !conflict;
  drawLeft();
  hear(question);
  drawCard(question, view, { zoomed, state: stateOf(question), draft: draftOf(question) });
  byId("whole").href = `${pagePath(question.stem)}#q=${question.id}`;
  history.replaceState(null, "", `/q/${question.id}${query(filter)}`);
  if (!view) load(question.id).then(() => current() === question && draw()).catch((error) => say(error.message));
  ahead();
  return undefined;
}

// Find the next row from one on that is not answered; answered ones too where the person goes back.
function seek(from, step) {
  let next = from;
  while (step > 0 && next < rows.length && decided.has(rows[next].id)) next += step;
  return next;
}

function leftOver() {
  return rows.findIndex((q) => !decided.has(q.id) && q.status === "proposed");
}

const conflictAt = () => rows.findIndex((q) => conflicts.has(q.id));

// Go beyond the last row: to more rows, else to skipped ones, else to those refused meanwhile.
// Only the server can say that there are no more, once it has every answer.
async function further(next) {
  if (await walk.more()) return seek(next, 1);
  if (leftOver() >= 0) {
    say(t("question.again"));
    return leftOver();
  }
  const waiting = setInterval(() => showEnd(t(stuck() ? "question.stuck" : "question.waiting", { n: pending() })), 200);
  try {
    if (await walk.rest()) return seek(next, 1);
  } finally {
    clearInterval(waiting);
  }
  return leftOver() >= 0 ? leftOver() : rows.length;
}

async function beyond(next) {
  for (;;) {
    try {
      const found = await further(next);
      return conflicts.size ? conflictAt() : found;
    } catch {
      showEnd(t("question.unknown-rest"));
      await new Promise((done) => setTimeout(done, ASK_AGAIN));
    }
  }
}

async function go(step) {
  if (moving) return;
  closeEditor();
  let next = conflicts.size ? conflictAt() : seek(at + step, step);
  if (next >= rows.length) {
    // Until the next question is here, no key answers the one that is answered already.
    moving = true;
    next = await beyond(next);
    moving = false;
  }
  at = Math.max(0, next);
  zoomed = false;
  if (current()) draw();
  else {
    const words = t(filter.state === "open" ? "question.finished" : "question.last");
    say(words);
    showEnd(words);
  }
}

function replace(view) {
  views.set(view.question.id, view);
  const index = rows.findIndex((q) => q.id === view.question.id);
  if (index >= 0) rows[index] = view.question;
  else rows.splice(at, 0, view.question);
  return index >= 0 ? index : at;
}

// Bring back an answer that the server refused, with the present text; not while somebody writes.
async function refused(id, error) {
  decided.delete(id);
  if (left !== null) left += 1;
  conflicts.set(id, error.kind === "stale" ? t("question.stale") : error.message);
  const view = error.body?.view ?? (await get(`question/${id}`).catch(() => null));
  if (!view) return say(conflicts.get(id));
  const index = replace(view);
  if (moving || writing()) return undefined;
  at = index;
  draw();
  return undefined;
}

function answer(act, text = "", draft = "") {
  const question = current();
  if (!question || readOnly || moving) return;
  if (act === "accept" && !question.can_accept) {
    say(t("question.same"));
    return;
  }
  decided.add(question.id);
  if (left !== null && question.status === "proposed") left -= 1;
  save("answers", { answers: [{ question: question.id, act, seen: question.seen, text }] }, draft || draftOf(question)?.name)
    .then(({ receipts }) => receipts.forEach(learn))
    .catch((error) => refused(question.id, error));
  go(1);
}

// Keep the hash to send with a further answer to the same question.
function learn(receipt) {
  views.delete(receipt.question);
  const index = rows.findIndex((q) => q.id === receipt.question);
  if (index >= 0) rows[index] = { ...rows[index], seen: receipt.seen, status: receipt.status };
}

// Fetch the open questions of a pattern that nobody here has answered otherwise.
async function alike(pattern) {
  const found = [];
  for (;;) {
    const { items, total } = await get(`questions${query({ ...filter, pattern, state: "open" }, { offset: found.length, limit: LARGE })}`);
    found.push(...items);
    if (!items.length || found.length >= total) break;
  }
  return found.filter((q) => q.can_accept && !decided.has(q.id));
}

async function acceptAll() {
  const question = current();
  if (!question || readOnly || moving || byId("all").hidden) return;
  moving = true;
  let chosen = [];
  try {
    chosen = await alike(question.pattern);
  } catch (error) {
    say(error.message);
  } finally {
    moving = false;
  }
  if (!chosen.length) return;
  const answers = chosen.map((q) => ({ question: q.id, act: "accept", seen: q.seen, text: "" }));
  for (const q of chosen) decided.add(q.id);
  if (left !== null) left -= chosen.length;
  save("answers", { answers })
    .then(({ receipts }) => {
      receipts.forEach(learn);
      say(t("question.saved-all", { n: receipts.length }));
    })
    .catch((error) => {
      for (const q of chosen) decided.delete(q.id);
      if (left !== null) left += chosen.length;
      say(error.kind === "stale" ? t("question.stale-all") : error.message);
    });
  go(1);
}

async function undo() {
  if (readOnly || moving) return;
  // No key answers what is shown until the question that comes back is.
  moving = true;
  try {
    const { receipts } = await save("undo", {});
    const ids = receipts.map((r) => r.question).filter((id) => id !== null);
    receipts.forEach(learn);
    ids.forEach((id) => decided.delete(id));
    if (left !== null) left += ids.length;
    if (ids.length) {
      at = replace(await get(`question/${ids[0]}`));
      draw();
    }
    say(t("question.undone", { n: receipts.length }));
  } catch (error) {
    say(error.status === 404 ? t("question.nothing-to-undo") : error.message);
  } finally {
    moving = false;
  }
}

async function nextPage() {
  const stem = current()?.stem;
  const find = () => rows.findIndex((q, i) => i > at && q.stem !== stem && !decided.has(q.id));
  try {
    while (find() < 0 && (await walk.more()));
  } catch (error) {
    say(error.message);
  }
  if (find() >= 0) go(find() - at);
  else say(t("question.no-further-page"));
}

const field = byId("edit");
const usual = (question) => visible(question.status === "edited" ? question.text : question.proposed);

function openEditor() {
  const question = current();
  if (readOnly || !question || moving) return;
  const draft = draftOf(question);
  field.value = draft?.text ?? usual(question);
  byId("editor").hidden = false;
  field.focus();
  if (draft) field.setSelectionRange(field.value.length, field.value.length);
  else field.select();
}

function closeEditor() {
  byId("editor").hidden = true;
  if (document.activeElement === field) byId("card").focus();
  if (current()) drawDraft(current(), views.get(current().id), draftOf(current()));
}

function throwAway() {
  for (const { name } of draftsAt(draftPlace(current()))) dropDraft(name);
  closeEditor();
}

field.addEventListener("input", () => keepDraft(draftPlace(current()), field.value, usual(current())));
byId("editor").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  answer("edit", text.replaceAll("¶", "\n"), keepDraft(draftPlace(current()), text, usual(current())));
});
byId("editor").addEventListener("keydown", (event) => {
  // Enter and Escape belong to the input method while it composes.
  if (composing(event)) {
    if (event.key === "Enter") event.preventDefault();
  } else if (event.key === "Escape") closeEditor();
});
byId("edit-cancel").addEventListener("click", closeEditor);
byId("draft-on").addEventListener("click", openEditor);
byId("draft-off").addEventListener("click", throwAway);

const zoom = () => {
  if (!current()) return;
  zoomed = !zoomed;
  drawWitness(current(), views.get(current().id), zoomed);
};
const acts = { accept: () => answer("accept"), reject: () => answer("reject"), change: openEditor, skip: () => go(1), undo, all: acceptAll, zoom, keys: help };
for (const [id, act] of Object.entries(acts)) byId(id)?.addEventListener("click", act);
keys({
  a: acts.accept,
  r: acts.reject,
  e: acts.change,
  s: acts.skip,
  u: acts.undo,
  A: acts.all,
  z: acts.zoom,
  n: nextPage,
  j: () => go(1),
  k: () => go(-1),
  ArrowRight: () => go(1),
  ArrowLeft: () => go(-1),
  o: () => location.assign(byId("whole").href),
  "?": help,
});

walk.add([data.view.question, ...data.queue]);
// Do not ask questions again whose answer only waits to be sent.
if (decided.has(current().id)) go(1);
else draw();
walk.more().catch((error) => say(error.message));
