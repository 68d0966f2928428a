// The queue: patterns, each of which opens to all its cases.

import { get } from "./api.js";
import { byId, data, el, help, pagePath, query, readOnly, say, t, visible } from "./base.js";
import { cutting } from "./crops.js";
import { keys } from "./keys.js";
import { pending, save, settled, waitingFor } from "./outbox.js";
import { Windowed } from "./windowed.js";

// Height of a row, CSS pixels; parts of a row stand below each other where the window is narrow.
const ROW = matchMedia("(max-width: 700px)").matches ? 246 : 122;
// Characters of the text before and after a place that a row shows. Judgement: enough to decide by.
const AROUND = 10;
// Cases of a pattern fetched at a time. Judgement, not measured.
const CASES = 60;
const filter = data.filter;
let open = null;
let loading = false;
let deciding = false;
let counts = data.counts;

const change = ({ original, proposed, can_accept: proposes }) => [el("del", {}, visible(original) || "␣"), " → ", proposes ? el("ins", {}, visible(proposed) || "␣") : "?"];

// Show a case with the text around it.
function around(question) {
  const [before, after] = [[...visible(question.before)].slice(-AROUND).join(""), [...visible(question.after)].slice(0, AROUND).join("")];
  return el("span", { class: "context", lang: "zh" }, before, el("del", {}, visible(question.original) || "␣"), question.can_accept ? el("ins", {}, visible(question.proposed) || "␣") : null, after);
}

// Make the buttons that decide the case which a row shows.
function rowButtons(group, index) {
  const one = group.case;
  if (readOnly || !one || one.status === "accepted" || one.status === "rejected" || one.status === "edited") return [];
  const button = (act, key) => el("button", { class: `small ${act === "accept" ? "yes" : "no"}`, onclick: () => decideShown(index, act) }, t(`question.${act}`), " ", el("kbd", {}, key));
  return [one.can_accept ? button("accept", "A") : null, button("reject", "R")].filter(Boolean);
}

function made(group, index) {
  const opened = open?.index === index;
  const one = group.case;
  const earlier = group.accepted + group.rejected ? el("span", { class: "earlier" }, t("queue.earlier", { yes: group.accepted, no: group.rejected })) : null;
  const words = opened ? t("group.close") : t("queue.open-group");
  const head = el(
    "div",
    { class: `group-head${one?.vertical ? " vertical" : ""}` },
    el("div", { class: "shown" }, one ? cutting(one, caseBox(one, 1.2), t("question.strip"), true) : null),
    el("div", { class: "said" }, el("p", { class: "change", lang: "zh" }, one ? around(one) : el("span", {}, ...change(group))),
      el("p", { class: "counts" }, el("span", { class: "rule" }, t(`rule.${group.rule}`)), ` · ${Math.round(100 * group.confidence)} % · `, el("b", {}, t("queue.count", { n: group.count })), " ", t("queue.pages", { n: group.pages }), earlier)),
    el(
      "div",
      { class: "buttons" },
      ...rowButtons(group, index),
      el("button", { class: "small", "data-focus": "", "data-index": index, "aria-expanded": String(opened), onclick: () => toggle(index) }, words),
      el("a", { class: "button small", href: `/q/${group.first}${query(filter, { pattern: group.pattern, sort: data.sort })}` }, t("queue.one-by-one")),
    ),
  );
  return el("div", { class: opened ? "group opened" : "group", role: "listitem" }, head, opened ? open.box : null);
}

const list = new Windowed(byId("groups"), { make: made, height: ROW, more: fetchMore });
byId("groups").setAttribute("role", "list");

async function fetchMore(offset) {
  if (loading) return;
  loading = true;
  try {
    const more = await get(`groups${query(filter, { sort: data.sort, offset, limit: 200 })}`);
    const known = new Set(list.items.map((g) => g.pattern));
    const fresh = more.items.filter((g) => !known.has(g.pattern));
    const items = [...list.items, ...fresh];
    list.items = items;
    list.total = fresh.length ? more.total : items.length;
    list.draw();
  } catch (error) {
    say(error.message);
  } finally {
    loading = false;
  }
}

async function toggle(index) {
  if (open) {
    const was = open.index;
    open = null;
    list.redo(was);
    if (was === index) {
      list.focus(index);
      return;
    }
  }
  const group = list.items[index];
  open = { index, group, cases: [], struck: new Set(), total: 0, box: el("div", { class: "concordance" }) };
  await loadCases(open);
  if (open?.index !== index) return;
  list.redo(index, ROW + open.box.scrollHeight);
  measure();
  open.box.querySelector(".case")?.focus();
}

async function loadCases(state) {
  const path = `questions${query(filter, { pattern: state.group.pattern, sort: "page", offset: state.cases.length, limit: CASES })}`;
  const { items, total } = await get(path);
  state.cases.push(...items);
  state.total = total;
  drawCases(state);
}

// Show the number of questions; first of those that fit the filter, where there is one.
function drawCounts() {
  const applied = counts.questions - counts.open - counts.decided;
  const groups = list.total ? t("queue.groups", { n: list.total }) : "";
  const parts = [
    data.filtered ? t("queue.fitting", { n: counts.fitting }) + groups : null,
    data.filtered ? t("queue.open-in-all", { n: counts.open }) : t("queue.open", { n: counts.open }) + groups,
    t("queue.decided", { n: counts.decided }) + (counts.spared ? t("queue.spared", { n: counts.spared }) : ""),
  ];
  byId("lead").textContent = counts.questions ? parts.filter(Boolean).join(" · ") : "";
  if (byId("start")) byId("start").hidden = list.total === 0;
  byId("empty").hidden = list.total > 0;
  byId("empty").replaceChildren(...emptyWords(applied));
}

// Show why the list is empty, and what can be done.
function emptyWords(applied) {
  if (!counts.pages) return [el("p", {}, t("empty.nothing-read", { folder: data.folder })), el("p", {}, t("empty.nothing-read.do"))];
  if (!counts.questions) return [t("empty.no-questions", { n: counts.pages })];
  if (!data.filtered) return [t("empty.all-decided", { decided: counts.decided, applied })];
  const others = counts.open ? el("a", { class: "button", href: "/queue" }, t("empty.show-open", { n: counts.open })) : null;
  return [t("empty.filter"), " ", others ?? t("empty.none-open")];
}

// Fit the opened row to the height of its content, pictures included.
function measure() {
  if (!open) return;
  const { index, box } = open;
  const height = ROW + box.offsetHeight + 12;
  if (Math.abs((list.heights.get(index) ?? 0) - height) > 1) {
    list.heights.set(index, height);
    list.draw();
    for (const [at, row] of list.rows) row.style.top = `${list.top(at)}px`;
  }
}

// Return the part of the scan that a case shows: of a column only a few characters around the place.
function caseBox({ strip, boxes, vertical }, characters = 3) {
  if (!strip || !vertical || !boxes.length) return strip;
  const reach = characters * (strip[2] - strip[0]);
  const [top, bottom] = [Math.min(...boxes.map((b) => b[1])), Math.max(...boxes.map((b) => b[3]))];
  return [strip[0], Math.max(strip[1], top - reach), strip[2], Math.min(strip[3], bottom + reach)];
}

function drawCases(state) {
  const left = () => state.cases.length - state.struck.size;
  const accept = el("button", { class: "yes", hidden: !state.group.can_accept, onclick: () => decide(state, "accept") });
  const reject = el("button", { class: "no", onclick: () => decide(state, "reject") });
  const words = () => {
    accept.replaceChildren(t("group.accept", { n: left() }), " ", el("kbd", {}, "⇧A"));
    reject.replaceChildren(t("group.reject", { n: left() }), " ", el("kbd", {}, "⇧R"));
    accept.disabled = reject.disabled = left() === 0 || state.sent;
  };
  const strike = (question, row) => {
    if (state.struck.has(question.id)) state.struck.delete(question.id);
    else state.struck.add(question.id);
    const struck = state.struck.has(question.id);
    row.classList.toggle("struck", struck);
    row.setAttribute("aria-checked", String(!struck));
    words();
  };
  const rows = state.cases.map((question) => {
    const row = el(
      "div",
      { class: `case${state.struck.has(question.id) ? " struck" : ""}${question.vertical ? " vertical" : ""}`, tabindex: "0", role: "checkbox", "aria-checked": String(!state.struck.has(question.id)), "data-id": question.id },
      cutting(question, caseBox(question), t("question.strip")),
      el("p", { class: "context", lang: "zh" }, visible(question.before), el("del", {}, visible(question.original)), question.can_accept ? el("ins", {}, visible(question.proposed)) : null, visible(question.after)),
    );
    row.addEventListener("click", () => strike(question, row));
    row.strike = () => strike(question, row);
    const place = el("p", { class: "place" }, el("a", { href: pagePath(question.stem), tabindex: "-1" }, question.stem), ` · ${Math.round(100 * question.confidence)} %`);
    return el("div", { class: "case-cell" }, row, place);
  });
  const more = state.cases.length < state.total ? el("button", { onclick: () => loadCases(state).then(measure) }, t("group.more")) : null;
  const grid = el("div", { class: "cases", role: "group" }, ...rows);
  const one = [...state.group.original];
  const all = one.length === 1 && one[0].trim() ? el("a", { class: "button small", href: `/character?c=${encodeURIComponent(one[0])}` }, t("group.character", { c: one[0] })) : null;
  const bar = readOnly ? null : el("div", { class: "group-bar" }, ...[accept, reject, all, el("span", { class: "hint" }, t("group.hint"))].filter(Boolean));
  state.box.replaceChildren(...[bar, grid, more].filter(Boolean));
  words();
  for (const image of grid.querySelectorAll("img")) image.addEventListener("load", measure, { once: true });
}

async function decide(state, act) {
  const waiting = waitingFor();
  const chosen = state.cases.filter((q) => !state.struck.has(q.id) && !waiting.has(q.id));
  if (!chosen.length || readOnly || state.sent) return;
  if (act === "accept" && !state.group.can_accept) {
    say(t("question.same"));
    return;
  }
  // Until the server has them they are not given once more.
  state.sent = true;
  for (const button of state.box.querySelectorAll(".group-bar button")) button.disabled = true;
  const answers = chosen.map((q) => ({ question: q.id, act, seen: q.seen, text: "" }));
  try {
    await save("answers", { answers });
    say(t("group.done", { n: answers.length }));
  } catch (error) {
    say(error.kind === "stale" ? t("question.stale-all") : error.message);
  }
  await refresh(state.index);
}

// Decide the case that a row shows; the row then shows the next one of its pattern, or is gone.
async function decideShown(index, act) {
  const question = list.items[index]?.case;
  if (!question || readOnly || deciding || waitingFor().has(question.id)) return;
  if (act === "accept" && !question.can_accept) {
    say(t("question.same"));
    return;
  }
  deciding = true;
  try {
    await save("answers", { answers: [{ question: question.id, act, seen: question.seen, text: "" }] });
    say(t("group.done", { n: 1 }));
  } catch (error) {
    say(error.kind === "stale" ? t("question.stale-all") : error.message);
  } finally {
    deciding = false;
  }
  await refresh(index);
}

async function refresh(index) {
  let fresh;
  try {
    fresh = await get(`groups${query(filter, { sort: data.sort, limit: Math.max(200, Math.min(500, list.items.length)) })}`);
  } catch (error) {
    say(error.message);
    return;
  }
  open = null;
  counts = fresh.counts;
  list.heights.clear();
  list.set(fresh.items, fresh.total);
  drawCounts();
  list.focus(Math.min(index, fresh.items.length - 1));
}

const here = () => Number(document.activeElement?.closest(".group")?.querySelector("[data-index]")?.dataset.index ?? -1);
const caseOf = () => document.activeElement?.closest(".case");

function move(step) {
  const at = caseOf();
  if (at) {
    const cell = at.parentElement;
    const next = (step > 0 ? cell.nextElementSibling : cell.previousElementSibling)?.firstElementChild;
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return;
  }
  list.focus(Math.max(0, here() + step));
}

async function undo() {
  try {
    const { receipts } = await save("undo", {});
    say(t("question.undone", { n: receipts.length }));
    await refresh(Math.max(0, here()));
  } catch (error) {
    say(error.status === 404 ? t("question.nothing-to-undo") : error.message);
  }
}

keys({
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  j: () => move(1),
  k: () => move(-1),
  x: () => caseOf()?.strike(),
  " ": () => caseOf()?.strike(),
  Enter: () => {
    const at = caseOf();
    if (at) location.assign(`/q/${at.dataset.id}${query(filter, { sort: data.sort })}`);
    else if (here() >= 0) toggle(here());
  },
  a: () => here() >= 0 && !open && decideShown(here(), "accept"),
  r: () => here() >= 0 && !open && decideShown(here(), "reject"),
  Escape: () => open && toggle(open.index),
  A: () => open && decide(open, "accept"),
  R: () => open && decide(open, "reject"),
  u: () => readOnly || undo(),
  "?": help,
}, ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "j", "k"]);

const start = byId("start");
if (start) start.href = `/next${query(filter, { sort: data.sort })}`;
for (const field of byId("filters").querySelectorAll("select")) field.addEventListener("change", () => byId("filters").submit());
list.set(data.groups, data.total);
drawCounts();
// Answers of an earlier page are counted as soon as they are saved.
if (pending()) settled().then(() => open || refresh(here()));
