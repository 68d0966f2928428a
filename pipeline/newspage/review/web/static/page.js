// A page: its scan beside its text, each of which shows where the other is.

import { get, whyMissing } from "./api.js";
import { byId, data, el, help, local, pagePath, readOnly, say, share, t, visible } from "./base.js";
import { draftsAt, draftsBelow, dropDraft } from "./drafts.js";
import { difference, draftBox, openField, placeOf } from "./editor.js";
import { drawJoins } from "./joins.js";
import { keys } from "./keys.js";
import { beingSent, save, whenSaved } from "./outbox.js";
import { paintRegions } from "./overlay.js";
import { drawStructure, setUpStructure, structureSettled } from "./structure.js";
import { Viewer } from "./viewer.js";

// Confidences below which a character is marked as doubtful, and as very doubtful. Judgement.
const DOUBT = 0.9;
const GRAVE = 0.6;
// Side of the cells in which characters are looked up by place, pixels of the scan.
const CELL = 128;

let page = data.page;
let furniture = [];
let lit = [];
let em = 30;
let grid = new Map();
const spans = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Return the boxes of the characters of a part of an article, by offset; null where there is none.
function boxesOf(part) {
  const boxes = new Array(part.text.length).fill(null);
  const doubts = new Array(part.text.length).fill(1);
  for (const run of part.runs) {
    run.boxes.forEach((box, i) => {
      boxes[run.start + i] = box;
      doubts[run.start + i] = run.correction ? 1 : run.confidences[i];
    });
  }
  return [boxes, doubts];
}

function index(box, span) {
  const [left, top, right, bottom] = box;
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x += 1) {
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y += 1) {
      const key = `${x},${y}`;
      if (!grid.has(key)) grid.set(key, []);
      grid.get(key).push([box, span]);
    }
  }
}

function characters(part) {
  const [boxes, doubts] = boxesOf(part);
  const asked = new Map(page.questions.filter((q) => q.status === "proposed").flatMap((q) => q.boxes.map((box) => [String(box), q.id])));
  return [...part.text].map((text, i) => {
    const box = boxes[i];
    const grade = doubts[i] < GRAVE ? "d2" : doubts[i] < DOUBT ? "d1" : "";
    const question = box ? asked.get(String(box)) : undefined;
    const span = el("span", { class: [grade, question ? "asked" : ""].join(" ").trim() || null, "data-question": question, title: question ? t("page.asked") : null }, visible(text));
    if (box) {
      spans.set(span, box);
      index(box, span);
    }
    return span;
  });
}

function drawPart(article, part) {
  const heading = ["kicker", "title", "deck", "byline"].includes(part.kind);
  const node = el(part.kind === "title" ? "h2" : "p", { class: `part ${part.kind}`, tabindex: "0", role: heading ? null : "textbox", "aria-multiline": heading ? null : "true", "aria-readonly": heading ? null : "true", "aria-label": heading ? null : part.text || t("nothing") }, ...characters(part));
  node.edit = (options) => edit(node, article, part, options);
  node.shown = part;
  node.dataset.place = partOf(article, part);
  return [node, ...drawDrafts(node, article, part)];
}

// Show the pages where an article comes from and goes on, with links where they are known.
function jumps(article) {
  const linked = page.joins.filter((join) => join.kind === "page" && join.linked);
  const to = (end) => (end ? el("a", { href: pagePath(end.stem) }, end.stem) : null);
  const mine = (end) => end.stem === page.stem && end.article === article.id;
  const before = linked.find((join) => mine(join.after_end))?.before_end;
  const after = linked.find((join) => mine(join.before_end))?.after_end;
  const said = [];
  if (article.continued_from || before) said.push(t("page.continued", { page: article.continued_from || "" }), " ", to(before) ?? "");
  if (said.length && (article.continues || after)) said.push(" · ");
  if (article.continues || after) said.push(t("page.continues", { page: article.continues || "" }), " ", to(after) ?? "");
  return said;
}

// Return in words which share of an article is expected to be wrong; nothing where it is not told.
const expectedOf = (of) => (of.expected === null ? "" : ` · ${t("page.expected", { share: share(of.expected) })}`);

function drawArticle(article, number) {
  const n = number + 1;
  const mover = (step, name) =>
    el("button", { class: "small", "data-key": `${article.id} ${name}`, "aria-label": t(`page.${name}.of`, { n }), disabled: step < 0 ? number === 0 : number === page.articles.length - 1, onclick: () => moveArticle(number, step) }, t(`page.${name}`));
  const bar = readOnly ? null : el("div", { class: "article-bar", lang: document.documentElement.lang }, el("span", {}, t("page.article", { n }), expectedOf(article)), mover(-1, "up"), mover(1, "down"));
  const jump = jumps(article);
  return el("article", { "data-article": article.id, "aria-label": t("page.article", { n }) }, bar, ...article.parts.flatMap((part) => drawPart(article, part)), jump.length ? el("p", { class: "jump", lang: document.documentElement.lang }, ...jump) : null);
}

// Return a piece of furniture as an article of one part: it is edited like one.
const pieceOf = ([kind, text, box, region, seen]) => ({ id: region, seen, kind, box, parts: [{ kind: "furniture", text, start: 0, runs: [] }] });

function drawFurniture(piece) {
  const [node, ...drafts] = drawPart(piece, piece.parts[0]);
  const kind = el("small", { lang: document.documentElement.lang }, t(`kind.${piece.kind}`));
  return el("li", { "data-article": piece.id }, kind, lighting(node, piece.box), ...drafts);
}

function draw() {
  furniture = page.furniture.map(pieceOf);
  const pane = document.querySelector("section.text");
  const scrolled = pane.scrollTop;
  grid = new Map();
  spans.clear();
  byId("articles").replaceChildren(...page.articles.map(drawArticle));
  const sizes = [...spans.values()].map(([l, u, r, d]) => Math.min(r - l, d - u)).sort((a, b) => a - b);
  em = sizes.length ? sizes[Math.floor(sizes.length / 2)] : 30;
  drawJoins(page, { act, lighting });
  drawRegions();
  drawStrayDrafts();
  byId("furniture").replaceChildren(...furniture.map(drawFurniture));
  if (byId("furniture").querySelector(".draft")) byId("furniture-box").open = true;
  byId("unplaced").replaceChildren(...page.unplaced.map(([text, box]) => lighting(el("li", { tabindex: "0" }, text), box)));
  byId("unplaced-box").hidden = page.unplaced.length === 0;
  byId("signed").replaceChildren(...page.signed.map(([name, at]) => el("li", {}, local(el("time", { "data-said": "" }, t("page.signed", { name })), at))));
  byId("expected").textContent = page.expected === null ? "" : t("page.expected", { share: share(page.expected) });
  byId("expected").hidden = page.expected === null;
  drawSign();
  byId("lost").replaceChildren(...page.lost.map((words) => el("li", {}, words)));
  byId("lost").hidden = page.lost.length === 0;
  const open = page.questions.filter((q) => q.status === "proposed");
  const first = byId("first");
  first.hidden = open.length === 0;
  if (open.length) {
    first.href = `/q/${open[0].id}?stem=${encodeURIComponent(page.stem)}`;
    first.textContent = t("page.first", { n: open.length });
  }
  pane.scrollTop = scrolled;
  drawStructure();
}

// A page is signed once by each; the second one is told that they are the second.
function drawSign() {
  const sign = byId("sign");
  if (!sign) return;
  const names = page.signed.map(([name]) => name);
  sign.hidden = names.includes(sign.dataset.reviewer);
  sign.textContent = t(names.length ? "page.sign.too" : "page.sign");
}

function lighting(node, box) {
  if (!box) return node;
  const light = () => show([box]);
  node.addEventListener("mouseenter", light);
  node.addEventListener("focus", light);
  return node;
}

function drawRegions() {
  const numbers = new Map(page.articles.map((a, i) => [a.id, i + 1]));
  const last = new Map(page.articles.map((a) => [a.id, a.regions.at(-1)]));
  const seen = new Map(page.articles.map((a) => [a.id, a.seen]));
  const regions = [...page.regions].sort((a, b) => a.order - b.order);
  byId("regions-count").textContent = String(regions.length);
  byId("regions").replaceChildren(
    ...regions.map((region) => {
      const choice = el("select", { "aria-label": t("page.region.article", { n: region.order }), disabled: readOnly || !region.article });
      if (!region.article) choice.append(el("option", { value: "none" }, t("page.region.none")));
      for (const [id, n] of numbers) choice.append(el("option", { value: id, selected: id === region.article }, t("page.article", { n })));
      choice.append(el("option", { value: "own" }, t("page.region.own")));
      choice.addEventListener("change", () => act("assign", { region: region.id, after: choice.value === "own" ? null : last.get(choice.value), seen: seen.get(region.article) ?? "" }));
      return lighting(el("li", { value: region.order, tabindex: "0", "data-key": region.id }, el("small", {}, t(`kind.${region.kind}`)), " ", el("span", { lang: "zh" }, region.text.slice(0, 24)), " ", choice), region.box);
    }),
  );
}

async function act(path, body, draft = "") {
  if (path !== "write" && changing.size) {
    // The text is known once the change is saved.
    say(t("page.wait"));
    return;
  }
  try {
    await save(path, { stem: page.stem, ...body }, draft);
    say(t("page.saved"));
  } catch (error) {
    say(error.kind === "stale" ? t("page.stale") : error.message);
  }
  await refresh();
}

async function refresh() {
  try {
    page = await get(`page?stem=${encodeURIComponent(page.stem)}`);
  } catch (error) {
    say(error.message);
    return;
  }
  const field = document.querySelector(".inline-editor textarea");
  const selection = field && [field.selectionStart, field.selectionEnd];
  const key = document.activeElement?.closest("[data-key]")?.dataset.key;
  draw();
  reopen(selection);
  // Whoever works by keyboard stays where they were.
  const same = key ? document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`) : null;
  same?.focus({ preventScroll: true });
  viewer.redraw();
}

function moveArticle(number, step) {
  const order = page.articles.map((a) => a.id);
  const before = step < 0 ? order[number - 1] : (order[number + 2] ?? null);
  act("order", { article: order[number], before, seen: page.articles[number].seen });
}

const partOf = (article, part) => placeOf(page.stem, article.id, article.parts.indexOf(part));
// The part whose field is open, by place: drawn anew, the page opens it again.
let writing = null;
// Articles with a change on its way: the places of their characters are known once it is saved.
const changing = new Set();

function edit(node, article, part, { draft = null, caret = node.caret ?? askedIn(node) } = {}) {
  if (readOnly || !node.isConnected) return;
  if (changing.has(article.id)) {
    say(t("page.wait"));
    return;
  }
  const place = partOf(article, part);
  const own = draft ?? draftsAt(place).find((one) => one.own && one.base === part.text && !beingSent(one));
  writing = place;
  if (own) document.querySelector(`[data-draft="${CSS.escape(own.name)}"]`)?.remove();
  const leave = () => {
    writing = null;
    draw();
    focusPart(place);
  };
  openField(node, {
    standing: part.text,
    text: own?.text ?? part.text,
    caret: own ? null : caret,
    beside: own && own.base !== part.text ? part.text : null,
    place,
    leave,
    keep: (text, name) => {
      // A draft of this window replaces one of another window.
      if (draft && draft.name !== name) dropDraft(draft.name);
      write(article, part, text, name, leave);
    },
  });
}

async function write(article, part, wanted, name, leave) {
  const place = partOf(article, part);
  const [start, end, text] = difference(part.text, wanted);
  if (start === end && !text) {
    dropDraft(name);
    leave();
    return;
  }
  writing = null;
  changing.add(article.id);
  const saved = act("write", { article: article.id, start: part.start + start, end: part.start + end, text, seen: article.seen }, name);
  draw();
  showWaiting(place, wanted);
  await saved;
  changing.delete(article.id);
  if (!writing && document.activeElement === document.body) focusPart(place);
}

const nodeAt = (place) => document.querySelector(`[data-place="${CSS.escape(place)}"]`);
const focusPart = (place) => nodeAt(place)?.focus({ preventScroll: true });

// Show a part as it was written, and that it waits to be saved.
function showWaiting(place, text) {
  const node = nodeAt(place);
  node?.classList.add("waiting");
  node?.replaceChildren(text, el("small", { class: "hint", lang: document.documentElement.lang }, ` ${t("status.waiting")}`));
}

// Show typed text of a part that is not saved; nothing while its field is open.
function drawDrafts(node, article, part) {
  const place = partOf(article, part);
  return draftsAt(place)
    .filter((draft) => !beingSent(draft) && !(draft.own && writing === place))
    .map((draft) => draftBox(draft, part.text, { goOn: readOnly ? null : () => edit(node, article, part, { draft }), gone: draw }));
}

// Show drafts of parts that are not on the page any more.
function drawStrayDrafts() {
  const places = new Set([...page.articles, ...furniture].flatMap((article) => article.parts.map((part) => partOf(article, part))));
  const stray = draftsBelow(`${placeOf(page.stem)}/`).filter((draft) => !places.has(draft.place) && !beingSent(draft));
  byId("drafts").replaceChildren(...stray.map((draft) => draftBox(draft, null, { goOn: null, gone: drawStrayDrafts })));
}

// Open the field again after the page was drawn anew, with the text that was typed in it.
function reopen(selection) {
  if (!writing) return;
  const node = nodeAt(writing);
  const place = writing;
  writing = null;
  if (!node) return;
  const stale = draftsAt(place).some((one) => one.own && one.base !== node.shown.text);
  if (!stale) node.edit();
  else draw();
  const field = document.querySelector(".inline-editor textarea");
  if (field && selection) field.setSelectionRange(...selection);
}

const showRegions = byId("show-regions");
const showOrder = byId("show-order");

function paint(context, thin) {
  const over = { boxes: showRegions.checked, order: showOrder.checked };
  if (over.boxes || over.order) paintRegions(context, page, thin, over);
  context.fillStyle = colour("--light");
  context.strokeStyle = colour("--accent");
  context.lineWidth = 1.5 * thin;
  for (const [l, u, r, d] of lit) {
    context.fillRect(l - thin, u - thin, r - l + 2 * thin, d - u + 2 * thin);
    context.strokeRect(l - thin, u - thin, r - l + 2 * thin, d - u + 2 * thin);
  }
}

const openQuestion = (id) => location.assign(`/q/${id}?stem=${encodeURIComponent(page.stem)}`);

// Return the place in a part that is asked about, in characters; its beginning where none is.
function askedIn(node) {
  const lit = node.querySelector(".asked") ?? (node.contains(lighted) ? lighted : null);
  return Math.max(0, [...node.children].indexOf(lit));
}

// Find the character that is printed nearest to a box.
function nearest([l, u, r, d]) {
  const away = ([x0, y0, x1, y1]) => Math.hypot((x0 + x1 - l - r) / 2, (y0 + y1 - u - d) / 2);
  let [found, least] = [null, Infinity];
  for (const [span, box] of spans) {
    const far = away(box);
    if (far < least) [found, least] = [span, far];
  }
  return found;
}

// Show the place of question 7, on scan and in text, for an address that ends in #q=7.
function goToAsked() {
  const id = Number(/^#q=(\d+)$/.exec(location.hash)?.[1]);
  const question = page.questions.find((q) => q.id === id);
  const span = question?.boxes.length ? nearest(question.boxes[0]) : null;
  if (!span) return;
  const node = span.closest(".part");
  node.caret = [...node.children].indexOf(span);
  node.focus({ preventScroll: true });
  span.scrollIntoView({ block: "center" });
  light(span);
  show(byLine(question.boxes));
}

// Show characters 3 to 5 of article a1, on scan and in text, for an address that ends in #at=a1:3-5.
function goToText() {
  const found = /^#at=([^:]+):(\d+)-(\d+)$/.exec(location.hash);
  if (!found) return;
  const [name, start, end] = [decodeURIComponent(found[1]), Number(found[2]), Number(found[3])];
  const parts = [...document.querySelectorAll(".part")].filter((node) => node.closest("[data-article]").dataset.article === name);
  const marked = parts.flatMap((node) => [...node.children].filter((_, i) => node.shown.start + i >= start && node.shown.start + i < end));
  if (!marked.length) return;
  const node = marked[0].closest(".part");
  node.closest("details")?.setAttribute("open", "");
  node.caret = [...node.children].indexOf(marked[0]);
  node.focus({ preventScroll: true });
  for (const old of document.querySelectorAll(".sought")) old.classList.remove("sought");
  for (const span of marked) span.classList.add("sought");
  marked[0].scrollIntoView({ block: "center" });
  const boxes = marked.map((span) => spans.get(span)).filter(Boolean);
  if (boxes.length) show(byLine(boxes));
}

let lighted = null;
function light(span) {
  if (lighted === span) return;
  lighted?.classList.remove("lit");
  lighted = span;
  lighted?.classList.add("lit");
}

function under(x, y) {
  const near = grid.get(`${Math.floor(x / CELL)},${Math.floor(y / CELL)}`) ?? [];
  return near.find(([[l, u, r, d]]) => x >= l && x <= r && y >= u && y <= d);
}

const viewer = new Viewer(byId("viewer"), page, {
  paint,
  point: (x, y) => {
    const found = under(x, y);
    light(found?.[1] ?? null);
    lit = found ? [found[0]] : [];
    viewer.redraw();
  },
  lost: async (address) => {
    const box = byId("scan-lost");
    if (!box.hidden) return;
    box.hidden = false;
    box.textContent = t("question.lost-picture");
    box.textContent = await whyMissing(address);
  },
  press: (x, y) => under(x, y)?.[1].scrollIntoView({ block: "center", behavior: "smooth" }),
});

// Merge boxes of characters that follow each other in a line into one box each line.
function byLine(boxes) {
  const lines = [];
  let last = null;
  for (const box of boxes) {
    const [l, u, r, d] = box;
    const beside = last && Math.min(d, last[3]) - Math.max(u, last[1]) > 0.4 * Math.min(d - u, last[3] - last[1]) && l - last[2] < 2 * em && l >= last[0];
    const below = last && Math.min(r, last[2]) - Math.max(l, last[0]) > 0.4 * Math.min(r - l, last[2] - last[0]) && u - last[3] < 2 * em && u >= last[1];
    const line = lines.at(-1);
    if (beside || below) lines[lines.length - 1] = [Math.min(line[0], l), Math.min(line[1], u), Math.max(line[2], r), Math.max(line[3], d)];
    else lines.push([...box]);
    last = box;
  }
  return lines;
}

function show(boxes, move = true) {
  lit = boxes;
  if (boxes.length && move) viewer.show(boxes[0], em);
  else viewer.redraw();
}

const articles = byId("articles");
articles.addEventListener("mouseover", (event) => {
  const box = spans.get(event.target);
  if (box) {
    light(event.target);
    show([box]);
  }
});
articles.addEventListener("focusin", (event) => {
  const boxes = [...(event.target.children ?? [])].map((span) => spans.get(span)).filter(Boolean);
  if (boxes.length) show(byLine(boxes));
});
// Return the place in its part of a pressed character: before it, or behind it on its far half.
function pressedAt(event) {
  const node = event.target.closest(".part");
  const at = node ? [...node.children].indexOf(event.target) : -1;
  if (at < 0) return undefined;
  const box = event.target.getBoundingClientRect();
  return at + (event.clientX > box.left + box.width / 2 ? 1 : 0);
}
for (const box of [articles, byId("furniture")]) {
  box.addEventListener("click", (event) => {
    const node = event.target.closest(".part");
    if (node) node.caret = pressedAt(event);
    const question = event.target.dataset?.question;
    if (question && getSelection().isCollapsed) openQuestion(question);
  });
  box.addEventListener("dblclick", (event) => event.target.closest(".part")?.edit({ caret: pressedAt(event) ?? 0 }));
}
for (const box of [showRegions, showOrder]) box.addEventListener("change", () => viewer.redraw());
byId("show-doubt").addEventListener("change", (event) => articles.classList.toggle("plain", !event.target.checked));
byId("sign")?.addEventListener("click", () => act("sign", {}));
keys({
  Enter: (event) => event.target.closest?.(".part")?.edit(),
  q: (event) => {
    const question = event.target.closest?.(".part")?.querySelector(".asked")?.dataset.question;
    if (question) openQuestion(question);
    else say(t("page.not-asked"));
  },
  e: (event) => event.target.closest?.(".part")?.edit(),
  u: async () => {
    if (readOnly) return;
    await structureSettled();
    try {
      const { receipts } = await save("undo", {});
      say(t("question.undone", { n: receipts.length }));
      await refresh();
    } catch (error) {
      say(error.status === 404 ? t("question.nothing-to-undo") : error.message);
    }
  },
  "?": help,
});
// Answers of an earlier page are in the text as soon as they are saved.
whenSaved((job) => !job.done && job.body.stem === page.stem && refresh());
setUpStructure({ page: () => page, act, show });
draw();
goToAsked();
goToText();
window.addEventListener("hashchange", () => {
  goToAsked();
  goToText();
});
