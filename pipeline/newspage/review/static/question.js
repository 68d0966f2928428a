// One question after the other. The next ones are here before they are asked for.

import { get } from "./api.js";
import { byId, data, el, pagePath, query, readOnly, say, t, visible } from "./base.js";
import { cutting, preload } from "./crops.js";
import { keys } from "./keys.js";
import { save } from "./saver.js";

const AHEAD = 6;
const STRETCH = 60;
const SHOWN = 70;
const filter = { ...data.filter, sort: data.sort };

const rows = [data.view.question];
const views = new Map([[data.view.question.id, data.view]]);
const loading = new Map();
const decided = new Set();
let at = 0;
let zoomed = false;
let fetching = null;
let ended = false;
let left = null;
let moving = false;

const current = () => rows[at];

function add(items) {
  const known = new Set(rows.map((q) => q.id));
  const fresh = items.filter((q) => !known.has(q.id));
  rows.push(...fresh);
  return fresh.length;
}

// More rows from the server: those that are open there and not yet here.
function fetchRows() {
  if (ended || fetching) return fetching ?? Promise.resolve();
  const offset = rows.filter((q) => !decided.has(q.id)).length;
  fetching = get(`questions${query(filter, { offset: Math.max(0, offset - AHEAD), limit: STRETCH })}`)
    .then(async ({ items, total }) => {
      if (left === null) {
        left = total;
        drawLeft();
      }
      if (!add(items)) {
        const first = await get(`questions${query(filter, { limit: STRETCH })}`);
        if (!add(first.items)) ended = true;
      }
      ahead();
    })
    .catch((error) => say(error.message))
    .finally(() => {
      fetching = null;
    });
  return fetching;
}

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
  if (rows.length - at <= AHEAD + 4) fetchRows();
}

// A stretch of the paragraph around the place, with what stands there marked.
function marked(text, [start, end], tag, inside) {
  const from = Math.max(0, start - SHOWN);
  const to = Math.min(text.length, end + SHOWN);
  return [
    from ? "…" : "",
    text.slice(from, start),
    inside === "" ? el(tag, { class: "gap", title: t("nothing") }, "\u2038") : el(tag, {}, visible(inside)),
    text.slice(end, to),
    to < text.length ? "…" : "",
  ];
}

function drawTexts(question, view) {
  const stands = view ? view.paragraph.slice(...view.place) : question.original;
  const text = view?.paragraph ?? question.before + question.original + question.after;
  const place = view?.place ?? [question.before.length, question.before.length + question.original.length];
  const done = ["applied", "accepted", "edited"].includes(question.status);
  byId("now").replaceChildren(...marked(text, place, done ? "ins" : "del", stands));
  const other = done ? question.original : question.proposed;
  byId("then").replaceChildren(...(question.original === question.proposed ? [el("em", { lang: document.documentElement.lang }, t("question.same"))] : marked(text, place, done ? "del" : "ins", other)));
}

function drawWitness(question, view) {
  const box = zoomed ? (view?.around ?? question.strip) : question.strip;
  byId("strip").replaceChildren(cutting(question, box, t(zoomed ? "question.around" : "question.strip")));
  byId("card").classList.toggle("vertical", question.vertical);
  byId("card").classList.toggle("zoomed", zoomed);
  byId("zoom").setAttribute("aria-pressed", String(zoomed));
  byId("above").textContent = view?.line_above ?? "";
  byId("line").textContent = view?.line ?? "";
  byId("below").textContent = view?.line_below ?? "";
}

function drawWhy(question, view) {
  byId("reason").textContent = view?.reason ?? "";
  const numbers = view?.evidence ?? [];
  const shown = [[t("question.confidence"), question.confidence], ...numbers];
  byId("evidence").replaceChildren(
    ...shown.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value))),
  );
  const past = view?.history ?? [];
  byId("past").hidden = past.length === 0;
  byId("past-list").replaceChildren(
    ...past.map((e) => el("li", { class: e.undone ? "undone" : "" }, `${e.at.slice(0, 16).replace("T", " ")} · ${e.reviewer === "precedent" ? t("precedent") : e.reviewer} · ${t(`act.${e.act}`)} ${visible(e.text)}`)),
  );
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
  if (byId("left")) byId("left").textContent = left === null ? "" : t("question.left", { n: left });
}

function draw() {
  const question = current();
  if (!question) return finished();
  const view = views.get(question.id);
  byId("what").textContent = t(`rule.${question.rule}`);
  byId("where").replaceChildren(
    t("question.where", { article: question.article || t("question.untitled"), page: question.stem }),
    ...(question.status === "proposed" ? [] : [" · ", el("b", {}, t(`status.${question.status}`))]),
  );
  drawLeft();
  hear(question);
  drawTexts(question, view);
  drawWitness(question, view);
  drawWhy(question, view);
  const all = byId("all");
  if (all) {
    all.hidden = !view || view.alike < 2 || question.status !== "proposed";
    byId("all-words").textContent = t("question.all", { n: view?.alike ?? 0 });
  }
  byId("whole").href = pagePath(question.stem);
  history.replaceState(null, "", `/q/${question.id}${query(filter)}`);
  if (!view) load(question.id).then(() => current() === question && draw()).catch((error) => say(error.message));
  ahead();
}

function finished() {
  say(t("question.finished"));
  byId("card").replaceChildren(el("p", { class: "empty" }, t("question.finished")));
  for (const button of document.querySelectorAll(".actions button:not(#undo):not(#keys)")) button.disabled = true;
}

async function go(step) {
  closeEditor();
  byId("stale").hidden = true;
  let next = at + step;
  if (next >= rows.length) {
    // Until the next question is here, no key answers the one that is answered already.
    moving = true;
    await fetchRows();
    moving = false;
  }
  while (step > 0 && next < rows.length && decided.has(rows[next].id)) next += step;
  at = next < rows.length ? Math.max(0, next) : leftOver();
  zoomed = false;
  draw();
}

// At the end those come again that were skipped; the end itself where there are none.
function leftOver() {
  const first = rows.findIndex((q) => !decided.has(q.id) && q.status === "proposed");
  if (first < 0) return rows.length;
  say(t("question.again"));
  return first;
}

function replace(view) {
  views.set(view.question.id, view);
  const index = rows.findIndex((q) => q.id === view.question.id);
  if (index >= 0) rows[index] = view.question;
  else rows.splice(at, 0, view.question);
  return index >= 0 ? index : at;
}

// What the server would not take comes back with what stands there now.
async function refused(id, error) {
  decided.delete(id);
  if (left !== null) left += 1;
  const view = error.body?.view ?? (await get(`question/${id}`));
  at = replace(view);
  draw();
  byId("stale").textContent = error.kind === "stale" ? t("question.stale") : error.message;
  byId("stale").hidden = false;
}

function answer(act, text = "") {
  const question = current();
  if (!question || readOnly || moving) return;
  decided.add(question.id);
  if (left !== null && question.status === "proposed") left -= 1;
  save("answers", { answers: [{ question: question.id, act, seen: question.seen, text }] })
    .then(({ receipts }) => receipts.forEach(learn))
    .catch((error) => refused(question.id, error));
  go(1);
}

// What to send with a further answer to the same question.
function learn(receipt) {
  views.delete(receipt.question);
  const index = rows.findIndex((q) => q.id === receipt.question);
  if (index >= 0) rows[index] = { ...rows[index], seen: receipt.seen, status: receipt.status };
}

async function acceptAll() {
  const question = current();
  if (!question || readOnly || moving || byId("all").hidden) return;
  try {
    const { items } = await get(`questions${query({ ...filter, pattern: question.pattern, state: "open" }, { limit: 500 })}`);
    const answers = items.map((q) => ({ question: q.id, act: "accept", seen: q.seen, text: "" }));
    if (!answers.length) return;
    const { receipts } = await save("answers", { answers });
    receipts.forEach((r) => {
      decided.add(r.question);
      learn(r);
    });
    if (left !== null) left -= receipts.length;
    say(t("question.saved-all", { n: receipts.length }));
    go(1);
  } catch (error) {
    say(error.kind === "stale" ? t("question.stale") : error.message);
  }
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
      if (!byId("now")) location.assign(`/q/${ids[0]}${query(filter)}`);
      else draw();
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
  let next = rows.findIndex((q, i) => i > at && q.stem !== stem && !decided.has(q.id));
  while (next < 0 && !ended) {
    await fetchRows();
    next = rows.findIndex((q, i) => i > at && q.stem !== stem && !decided.has(q.id));
  }
  if (next >= 0) go(next - at);
  else say(t("question.finished"));
}

function openEditor() {
  if (readOnly || !current()) return;
  byId("edit").value = visible(current().status === "edited" ? current().text : current().proposed);
  byId("editor").hidden = false;
  byId("edit").focus();
  byId("edit").select();
}

function closeEditor() {
  byId("editor")?.setAttribute("hidden", "");
  if (document.activeElement === byId("edit")) byId("card").focus();
}

byId("editor").addEventListener("submit", (event) => {
  event.preventDefault();
  answer("edit", byId("edit").value.replaceAll("¶", "\n"));
});
byId("editor").addEventListener("keydown", (event) => event.key === "Escape" && closeEditor());
byId("edit-cancel").addEventListener("click", closeEditor);

const zoom = () => {
  zoomed = !zoomed;
  drawWitness(current(), views.get(current().id));
};
const help = () => byId("help").showModal();
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

add(data.queue);
draw();
fetchRows();
