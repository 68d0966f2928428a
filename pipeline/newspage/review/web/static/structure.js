// The structure of a page by hand: kinds, merges, splits, order and jumps, for the part that is chosen.

import { get } from "./api.js";
import { byId, el, pagePath, readOnly, say, t } from "./base.js";
import { linkParts } from "./joins.js";
import { keys } from "./keys.js";
import { makeMenu } from "./menu.js";

const KINDS = ["kicker", "title", "deck", "byline", "body", "jump", "caption", "masthead", "folio", "advertisement", "table", "other"];
const bar = byId("structure");

let tools = null;
// The structure as the server has it; null until it has come.
let view = null;
// What is chosen: the place of a part, or a region; and its first line, by which it is found again.
let chosen = null;
// Whether what is chosen gets the focus once the page is drawn anew: it was just changed.
let focusNext = false;
let loads = 0;
let loaded = null;
// What was asked for is done one after the other: keys may be faster than the server.
let queue = Promise.resolve();

const page = () => tools.page();
const regionOf = (line) => view.regions.find((region) => region.lines.some(({ id }) => id === line));
const articleOf = (name) => view.articles.find(({ id }) => id === name);

// Return the lines of a part of the text, of a piece of furniture or of a row of the regions.
function linesOf(node) {
  const region = node.dataset.key ?? node.closest("#furniture [data-article]")?.dataset.article;
  if (region) return view.regions.find(({ id }) => id === region)?.lines.map(({ id }) => id) ?? [];
  const name = node.closest("[data-article]").dataset.article;
  const shown = page().articles.find(({ id }) => id === name);
  return articleOf(name)?.parts[shown?.parts.indexOf(node.shown)] ?? [];
}

const ROWS = "#articles .part, #regions > li, #furniture .part";
const nodes = () => [...document.querySelectorAll(ROWS)];

// Choose what a node shows; the bar then speaks of it.
function choose(node) {
  if (!view) return;
  const lines = linesOf(node);
  chosen = lines.length ? { lines, all: lines, first: lines[0], listed: Boolean(node.dataset.key) } : null;
  drawBar();
}

// Narrow the choice to one line of it; the bar then speaks of that line alone.
function narrow(line) {
  const region = regionOf(line);
  if (!chosen || !region) return;
  const { all, listed } = chosen;
  chosen = { lines: [line], all, first: line, listed, narrow: true };
  tools.show(region.lines.filter(({ id }) => id === line).map(({ box }) => box));
  drawBar();
}

// Find the node that shows what was chosen, after the page was drawn anew.
function nodeOf(wish) {
  const same = nodes().filter((node) => linesOf(node).includes(wish.first));
  return same.find((node) => Boolean(node.dataset.key) === wish.listed) ?? same[0];
}

function chooseAgain(focus) {
  const active = document.activeElement;
  const node = chosen ? nodeOf(chosen) : active.matches(ROWS) ? active : null;
  if (!node) chosen = null;
  else choose(node);
  if (!node || !focus) return;
  node.closest("details")?.setAttribute("open", "");
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "nearest" });
}

// Return where the chosen lines are: their region, article, and what stands around them.
function placeOf({ lines, all, listed }) {
  const region = regionOf(lines[0]);
  const at = view.regions.indexOf(region);
  const article = region.article ? articleOf(region.article) : null;
  const own = view.regions.filter((one) => one.article === region.article);
  // Text is not put into furniture, nor into a note on a jump, by joining it to what is before.
  const alike = (one) => Boolean(one.article) === Boolean(region.article) && (one.kind === "jump") === (region.kind === "jump");
  const units = listed || !article ? own.map((one) => one.lines.map(({ id }) => id)) : article.parts.filter((part) => part.length);
  const unit = units.findIndex((one) => one.includes(lines[0]));
  // In the text only paragraphs change places: headlines are in the order of their kinds.
  const beside = (n) => (article && units[n] && (listed || [lines, units[n]].every((one) => regionOf(one[0]).kind === "body")) ? units[n] : null);
  return {
    seen: view.seen,
    lines,
    all,
    region,
    article,
    first: region.lines[0].id === lines[0],
    opens: own[0] === region && region.lines[0].id === lines[0],
    before: view.regions.slice(0, at).findLast(alike) ?? null,
    earlier: beside(unit - 1),
    later: beside(unit + 1),
    articleBefore: article ? (view.articles[view.articles.indexOf(article) - 1] ?? null) : null,
  };
}

// Save a change, and wait until the page shows it.
async function send(act, { seen }, lines, body = {}) {
  focusNext = true;
  await tools.act("structure", { act, lines, seen, ...body });
  await loaded;
}

const lineOfArticle = ({ id }) => view.regions.find(({ article }) => article === id).lines[0].id;

const ACTS = {
  fuse: { key: "b", can: (at) => at.first && at.before, go: (at) => send("fuse", at, at.lines, { beside: at.before.lines.at(-1).id }) },
  split: { key: "s", can: (at) => at.article && !at.opens, go: (at) => send("split", at, at.lines.slice(0, 1)) },
  cut: { key: "c", can: (at) => !at.first, go: (at) => send("cut", at, at.lines.slice(0, 1)) },
  earlier: { key: "K", can: (at) => at.earlier, go: (at) => send("place", at, at.lines, { beside: at.earlier[0], text: "before" }) },
  later: { key: "J", can: (at) => at.later, go: (at) => send("place", at, at.lines, { beside: at.later.at(-1), text: "after" }) },
  merge: { key: "m", can: (at) => at.articleBefore, go: (at) => send("merge", at, at.lines, { beside: lineOfArticle(at.articleBefore) }) },
};

// Do something with what is chosen now, once all that was asked for before is done.
function inTurn(name, table, go) {
  const wish = chosen;
  // One that failed is reported by the browser, and holds up none of the others.
  queue = queue.catch(() => null).then(() => {
    const node = wish && view ? nodeOf(wish) : null;
    const all = node ? linesOf(node) : [];
    const at = node ? placeOf({ ...wish, all, lines: wish.narrow ? [wish.first] : all }) : null;
    if (!at) return say(t("structure.none"));
    return table[name].can(at) ? go(at) : say(t(`structure.not.${name}`));
  });
}

// Return a promise that is kept once all that was asked for is done.
export const structureSettled = () => queue.catch(() => null);

const run = (name) => inTurn(name, ACTS, (at) => ACTS[name].go(at));
const openMenu = (name) => inTurn(name, MENUS, (at) => menu.open(menuOf(name), MENUS[name].list(at)));
const menuOf = (name) => bar.querySelector(`[data-menu="${name}"]`);

const shownKey = (key) => (/[A-Z]/.test(key) ? `⇧${key}` : key);
const button = (name) => el("button", { class: "small", "data-act": name, title: `${t(`structure.${name}.hint`)} (${shownKey(ACTS[name].key)})`, onclick: () => run(name) }, t(`structure.${name}`));

// Menus of the bar: what can be chosen is listed when it is wanted.
const MENUS = {
  line: { key: "x", can: (at) => at.all.length > 1, list: (at) => at.all.map((line) => ({ words: textOf([line]).slice(0, 24), lang: "zh", now: at.lines.length === 1 && line === at.lines[0], go: () => narrow(line) })) },
  kind: { key: "t", can: () => true, list: (at) => KINDS.map((name) => ({ words: t(`kind.${name}`), now: name === at.region.kind, go: () => send("kind", at, at.lines, { text: name }) })) },
  into: { key: "i", can: (at) => at.article && view.articles.length > 1, list: (at) => view.articles.filter((one) => one !== at.article).map((one) => ({ words: `${view.articles.indexOf(one) + 1}. ${one.title}`, lang: "zh", go: () => send("merge", at, at.lines, { beside: lineOfArticle(one) }) })) },
  jump: { key: "l", can: (at) => at.article, list: (at) => [true, false].map((leaving) => ({ words: t(leaving ? "structure.jump.to" : "structure.jump.from"), go: () => openJumps(at.article, leaving) })) },
};
const menuButton = (name) => el("button", { class: "small", "data-menu": name, "aria-haspopup": "menu", title: `${t(`structure.${name}.hint`)} (${MENUS[name].key})`, onclick: () => openMenu(name) }, `${t(`structure.${name}`)} ▾`);
const what = el("span", { class: "chosen" });
const menu = makeMenu();

// Show the articles that an article can go on in, or come from.
async function openJumps(article, leaving) {
  const query = new URLSearchParams({ stem: page().stem, article: article.id, leaving });
  try {
    const { items } = await get(`jumps?${query}`);
    const own = page().articles.find(({ id }) => id === article.id);
    const go = (one) => () => linkParts(page(), own, one, leaving, tools.act);
    if (items.length) menu.open(menuOf("jump"), items.map((one) => ({ words: `${one.stem} · ${one.text}`, lang: "zh", go: go(one) })));
    else say(t("page.loose.none"));
  } catch (error) {
    say(error.message);
  }
}

function drawBar() {
  if (!bar) return;
  bar.hidden = !view;
  const at = chosen ? placeOf(chosen) : null;
  what.replaceChildren(...(at ? [el("b", {}, t(`kind.${at.region.kind}`)), " ", el("span", { lang: "zh" }, textOf(chosen.lines).slice(0, 24))] : [t("structure.none")]));
  for (const node of bar.querySelectorAll("[data-act]")) node.disabled = !at || !ACTS[node.dataset.act].can(at);
  for (const node of bar.querySelectorAll("[data-menu]")) node.disabled = !at || !MENUS[node.dataset.menu].can(at);
}

function textOf(lines) {
  const texts = new Map(view.regions.flatMap((region) => region.lines.map(({ id, text }) => [id, text])));
  return lines.map((line) => texts.get(line)).join("");
}

// Go to the page where the article with the focus goes on, or else where it comes from.
function follow() {
  const name = document.activeElement.closest("#articles [data-article]")?.dataset.article;
  const linked = page().joins.filter((join) => join.kind === "page" && join.linked);
  const mine = (end) => end.stem === page().stem && end.article === name;
  const next = linked.find((join) => mine(join.before_end))?.after_end ?? linked.find((join) => mine(join.after_end))?.before_end;
  if (next) location.assign(`${pagePath(next.stem)}#at=${encodeURIComponent(next.article)}:0-1`);
  else say(t("structure.not.follow"));
}

// Focus the part before or after the one that has the focus.
function step(by) {
  const parts = [...document.querySelectorAll("#articles .part")];
  const at = parts.indexOf(document.activeElement);
  const next = parts[at < 0 ? 0 : at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

// Regions and articles are dragged over each other: what is dropped comes before what is there, or
// after it where it was dropped on the lower half.
function dragOver(box, row, drop) {
  let dragged = null;
  box.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(row) ?? null;
    if (dragged) event.dataTransfer.setData("text/plain", "");
  });
  box.addEventListener("dragend", () => {
    dragged = null;
  });
  box.addEventListener("dragover", (event) => {
    if (dragged && event.target.closest(row)) event.preventDefault();
  });
  box.addEventListener("drop", (event) => {
    const target = event.target.closest(row);
    if (!dragged || !target || target === dragged) return;
    event.preventDefault();
    const { top, height } = target.getBoundingClientRect();
    drop(dragged, target, event.clientY < top + height / 2);
  });
}

function dropRegion(dragged, target, before) {
  if (!view) return;
  choose(dragged);
  const lines = linesOf(target);
  if (!regionOf(lines[0])?.article) say(t("structure.not.drop"));
  else send("place", view, linesOf(dragged), { beside: before ? lines[0] : lines.at(-1), text: before ? "before" : "after" });
}

function dropArticle(dragged, target, before) {
  const names = page().articles.map(({ id }) => id);
  const at = names.indexOf(target.dataset.article) + (before ? 0 : 1);
  const own = page().articles.find(({ id }) => id === dragged.dataset.article);
  if (names[at] !== own.id) tools.act("order", { article: own.id, before: names[at] ?? null, seen: own.seen });
}

// Load the structure of the page as it is drawn now, and find again what was chosen.
async function load() {
  loads += 1;
  const own = loads;
  const focus = focusNext;
  focusNext = false;
  try {
    const found = await get(`structure?stem=${encodeURIComponent(page().stem)}`);
    if (own !== loads) return;
    view = found;
  } catch (error) {
    say(error.message);
    return;
  }
  chooseAgain(focus);
  drawBar();
}

// To be called whenever the page was drawn anew.
export function drawStructure() {
  if (readOnly) return;
  for (const node of document.querySelectorAll("#regions > li, #articles .article-bar")) node.draggable = true;
  loaded = load();
}

// `tools`: `page()` returns the page as it is shown, `act(path, body)` saves a decision and draws anew,
// `show(boxes)` lights places on the scan.
export function setUpStructure(given) {
  tools = given;
  keys({ j: () => step(1), k: () => step(-1), g: follow }, ["j", "k"]);
  if (readOnly) return;
  bar.append(what, menuButton("line"), menuButton("kind"), ...["fuse", "split", "cut", "earlier", "later", "merge"].map(button), menuButton("into"), menuButton("jump"), menu.node);
  const entries = (table, go) => Object.entries(table).map(([name, { key }]) => [key, () => go(name)]);
  keys(Object.fromEntries([...entries(ACTS, run), ...entries(MENUS, openMenu)]));
  document.querySelector("section.text").addEventListener("focusin", (event) => {
    if (event.target.matches?.(ROWS)) choose(event.target);
  });
  dragOver(byId("regions"), "#regions > li", dropRegion);
  dragOver(byId("articles"), "#articles > article", dropArticle);
  drawBar();
}
