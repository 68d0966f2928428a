// A page: its scan beside its text, each of which shows where the other is.

import { get } from "./api.js";
import { byId, data, el, pagePath, readOnly, say, t, visible } from "./base.js";
import { cutting } from "./crops.js";
import { keys } from "./keys.js";
import { save } from "./saver.js";
import { Viewer } from "./viewer.js";

const DOUBT = 0.9;
const GRAVE = 0.6;
const CELL = 128;

let page = data.page;
let lit = [];
let em = 30;
let grid = new Map();
const spans = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Boxes of the characters of a part of an article, by offset; null where there is none.
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
  const asked = new Set(page.questions.filter((q) => q.status === "proposed").flatMap((q) => q.boxes.map(String)));
  return [...part.text].map((text, i) => {
    const box = boxes[i];
    const grade = doubts[i] < GRAVE ? "d2" : doubts[i] < DOUBT ? "d1" : "";
    const span = el("span", { class: [grade, box && asked.has(String(box)) ? "asked" : ""].join(" ").trim() || null }, visible(text));
    if (box) {
      spans.set(span, box);
      index(box, span);
    }
    return span;
  });
}

function drawPart(article, part) {
  const heading = ["kicker", "title", "deck", "byline"].includes(part.kind);
  const node = el(part.kind === "title" ? "h2" : "p", { class: `part ${part.kind}`, tabindex: "0", role: heading ? null : "textbox", "aria-multiline": heading ? null : "true", "aria-readonly": heading ? null : "true", "aria-label": heading ? null : part.text }, ...characters(part));
  node.edit = () => edit(node, article, part);
  return node;
}

// Where an article comes from and goes on, with the way there where it is known.
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

function drawArticle(article, number) {
  const n = number + 1;
  const mover = (step, name) =>
    el("button", { class: "small", "data-key": `${article.id} ${name}`, "aria-label": t(`page.${name}.of`, { n }), disabled: step < 0 ? number === 0 : number === page.articles.length - 1, onclick: () => moveArticle(number, step) }, t(`page.${name}`));
  const bar = readOnly ? null : el("div", { class: "article-bar", lang: document.documentElement.lang }, el("span", {}, t("page.article", { n })), mover(-1, "up"), mover(1, "down"));
  const jump = jumps(article);
  return el("article", { "data-article": article.id, "aria-label": t("page.article", { n }) }, bar, ...article.parts.map((part) => drawPart(article, part)), jump.length ? el("p", { class: "jump", lang: document.documentElement.lang }, ...jump) : null);
}

function draw() {
  grid = new Map();
  spans.clear();
  byId("articles").replaceChildren(...page.articles.map(drawArticle));
  const sizes = [...spans.values()].map(([l, u, r, d]) => Math.min(r - l, d - u)).sort((a, b) => a - b);
  em = sizes.length ? sizes[Math.floor(sizes.length / 2)] : 30;
  drawJoins();
  drawRegions();
  byId("furniture").replaceChildren(...page.furniture.map(([kind, text, box]) => lighting(el("li", { tabindex: "0" }, el("small", {}, t(`kind.${kind}`)), " ", text), box)));
  byId("unplaced").replaceChildren(...page.unplaced.map(([text, box]) => lighting(el("li", { tabindex: "0" }, text), box)));
  byId("unplaced-box").hidden = page.unplaced.length === 0;
  byId("signed").replaceChildren(...page.signed.map(([name, at]) => el("li", {}, el("time", { datetime: at, title: at }, t("page.signed", { name })))));
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

// What a join is now, and what else it could be: a state and the words that lead to it.
function joinState(join) {
  if (join.kind !== "page") return join.joined ? "joined" : "parted";
  if (!join.linked) return "apart";
  return join.joined ? "joined" : "parted";
}

function decideJoin(join, wanted) {
  if (join.kind !== "page") return act("join", { join: join.id, joined: wanted === "joined", seen: join.seen });
  const how = { joined: "on", parted: "paragraph", apart: "apart" }[wanted];
  const key = (end) => [end.stem, end.article];
  return act("link", { before: key(join.before_end), after: key(join.after_end), how, seen: join.seen });
}

function joinButtons(join, n) {
  if (readOnly) return null;
  const state = joinState(join);
  const states = join.kind === "page" ? ["joined", "parted", "apart"] : ["joined", "parted"];
  const button = (wanted) =>
    el("button", { class: "small", "data-wanted": wanted, "aria-label": `${t("page.join.of", { n })}: ${t(`page.join.make.${wanted}`)}`, onclick: () => decideJoin(join, wanted) }, t(`page.join.make.${wanted}`));
  return el("p", { class: "buttons" }, ...states.filter((s) => s !== state).map(button));
}

function drawEnd(join, end, text, words) {
  const there = end.stem !== page.stem;
  const place = there ? el("a", { href: pagePath(end.stem) }, end.stem) : null;
  return el(
    "figure",
    { class: "end" },
    cutting({ scan: end.scan, boxes: [end.line] }, end.strip, t(`page.join.${words}`), true),
    el("figcaption", {}, el("small", {}, t(`page.join.${words}`), place ? ", " : null, place), el("span", { lang: "zh" }, words === "leaves" ? `…${visible(text)}` : `${visible(text)}…`)),
  );
}

function drawJoin(join, i) {
  const state = joinState(join);
  const own = join.before_end.stem === page.stem ? join.before_box : join.after_box;
  return lighting(
    el(
      "li",
      { class: `join ${state}${join.decided ? " decided" : ""}`, tabindex: "0", "data-key": join.id, "aria-label": `${t("page.join.of", { n: i + 1 })}, ${t(`join.${join.kind}`)}: ${t(`page.join.${state}`)}` },
      el("p", { class: "join-head" }, el("b", {}, t(`join.${join.kind}`)), " ", el("span", { class: "join-state" }, t(`page.join.${state}`)), el("small", {}, join.decided ? t("page.join.decided") : t("page.join.score", { n: Math.round(100 * join.score) }))),
      el("div", { class: "ends" }, drawEnd(join, join.before_end, join.before, "leaves"), el("span", { class: "sign", "aria-hidden": "true" }, { joined: "→", parted: "¶", apart: "✕" }[state]), drawEnd(join, join.after_end, join.after, "comes")),
      joinButtons(join, i + 1),
    ),
    own,
  );
}

const FINISHED = /[。！？!?…][”’」』〞）)》】]*\s*$/;

// An article whose other part was not found: what it could be, to choose from.
function drawLoose(loose) {
  const own = page.articles.find((a) => a.id === loose.article);
  const ends = FINISHED.test(own?.parts.at(-1)?.text ?? "");
  const words = t(loose.leaving ? "page.loose.goes" : "page.loose.comes", { page: loose.page || "?" });
  const choice = el("select", { "aria-label": `${loose.title}: ${words}`, disabled: readOnly }, el("option", { value: "" }, t(loose.choices.length ? "page.loose.choose" : "page.loose.none")));
  loose.choices.forEach((c, i) => choice.append(el("option", { value: i, lang: "zh" }, `${c.stem} · ${c.text}`)));
  choice.addEventListener("change", () => {
    const chosen = loose.choices[choice.value];
    if (!chosen) return;
    const pair = [[page.stem, loose.article], [chosen.stem, chosen.article]];
    const [before, after] = loose.leaving ? pair : pair.reverse();
    act("link", { before, after, how: loose.leaving && !ends ? "on" : "paragraph", seen: chosen.seen });
  });
  return el("li", { class: "join loose" }, el("p", { class: "join-head" }, el("b", {}, t("join.page")), " ", el("span", { lang: "zh" }, loose.title), " ", el("span", { class: "join-state" }, words)), choice);
}

function drawJoins() {
  const count = page.joins.length + page.loose.length;
  byId("joins-count").textContent = String(count);
  byId("joins-box").hidden = count === 0;
  byId("joins").replaceChildren(...page.loose.map(drawLoose), ...page.joins.map(drawJoin));
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

async function act(path, body) {
  try {
    await save(path, { stem: page.stem, ...body });
    say(t("page.saved"));
  } catch (error) {
    say(error.kind === "stale" ? t("page.stale") : error.message);
  }
  await refresh();
}

async function refresh() {
  const box = document.querySelector("section.text");
  const at = box.scrollTop;
  page = await get(`page?stem=${encodeURIComponent(page.stem)}`);
  const key = document.activeElement?.closest("[data-key]")?.dataset.key;
  draw();
  box.scrollTop = at;
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

// The smallest stretch that a person changed, so that what was right keeps its place on the scan.
function difference(from, to) {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  return [start, from.length - end, to.slice(start, to.length - end)];
}

function edit(node, article, part) {
  if (readOnly || node.querySelector("textarea")) return;
  const field = el("textarea", { lang: "zh", rows: Math.max(1, Math.ceil(part.text.length / 24)), "aria-label": t("page.edit") }, part.text);
  const leave = () => {
    box.replaceWith(node);
    node.focus();
  };
  const keep = async () => {
    const [start, end, text] = difference(part.text, field.value);
    if (start === end && !text) return leave();
    leave();
    await act("write", { article: article.id, start: part.start + start, end: part.start + end, text, seen: article.seen });
    document.querySelectorAll(`[data-article="${CSS.escape(article.id)}"] .part`)[article.parts.indexOf(part)]?.focus();
    return undefined;
  };
  const box = el("div", { class: "inline-editor" }, field, el("button", { class: "primary small", onclick: keep }, t("page.save")), el("button", { class: "small", onclick: leave }, t("page.cancel")));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      keep();
    } else if (event.key === "Escape") leave();
  });
  node.replaceWith(box);
  field.focus();
}

const showRegions = byId("show-regions");
const showOrder = byId("show-order");

function paintRegions(context, thin) {
  const regions = [...page.regions].sort((a, b) => a.order - b.order);
  context.lineWidth = 2 * thin;
  context.font = `600 ${13 * thin}px system-ui`;
  const numbers = new Map(page.articles.map((a, i) => [a.id, i]));
  for (const region of regions) {
    const [l, u, r, d] = region.box;
    const hue = region.article ? (numbers.get(region.article) * 137) % 360 : 0;
    context.strokeStyle = region.article ? `hsl(${hue} 70% 40%)` : "#777";
    context.fillStyle = region.article ? `hsl(${hue} 70% 40% / 0.10)` : "rgb(120 120 120 / 0.12)";
    if (showRegions.checked) {
      context.fillRect(l, u, r - l, d - u);
      context.strokeRect(l, u, r - l, d - u);
    }
  }
  if (!showOrder.checked) return;
  paintArrows(context, thin, regions);
  for (const region of regions) paintNumber(context, thin, region);
}

// The place of a region in the reading order, readable on any paper.
function paintNumber(context, thin, region) {
  const text = String(region.order);
  const [l, u] = region.box;
  const width = context.measureText(text).width + 8 * thin;
  context.fillStyle = region.article ? colour("--accent") : "#6b665e";
  context.fillRect(l, u, width, 18 * thin);
  context.fillStyle = region.article ? colour("--on-accent") : "#ffffff";
  context.fillText(text, l + 4 * thin, u + 14 * thin);
}

function paintArrows(context, thin, regions) {
  const middle = ([l, u, r, d]) => [(l + r) / 2, (u + d) / 2];
  context.strokeStyle = context.fillStyle = colour("--accent");
  for (let i = 1; i < regions.length; i += 1) {
    if (regions[i].article !== regions[i - 1].article || !regions[i].article) continue;
    const [x0, y0] = middle(regions[i - 1].box);
    const [x1, y1] = middle(regions[i].box);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.beginPath();
    context.moveTo(x1, y1);
    for (const turn of [-0.4, 0.4]) context.lineTo(x1 - 12 * thin * Math.cos(angle + turn), y1 - 12 * thin * Math.sin(angle + turn));
    context.fill();
  }
}

function paint(context, thin) {
  if (showRegions.checked || showOrder.checked) paintRegions(context, thin);
  context.fillStyle = colour("--light");
  context.strokeStyle = colour("--accent");
  context.lineWidth = 1.5 * thin;
  for (const [l, u, r, d] of lit) {
    context.fillRect(l - thin, u - thin, r - l + 2 * thin, d - u + 2 * thin);
    context.strokeRect(l - thin, u - thin, r - l + 2 * thin, d - u + 2 * thin);
  }
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
  press: (x, y) => under(x, y)?.[1].scrollIntoView({ block: "center", behavior: "smooth" }),
});

// Boxes of characters that follow each other in a line, as one box each line.
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
articles.addEventListener("dblclick", (event) => event.target.closest(".part")?.edit());
for (const box of [showRegions, showOrder]) box.addEventListener("change", () => viewer.redraw());
byId("show-doubt").addEventListener("change", (event) => articles.classList.toggle("plain", !event.target.checked));
byId("sign")?.addEventListener("click", () => act("sign", {}));
keys({
  Enter: (event) => event.target.closest?.(".part")?.edit(),
  e: (event) => event.target.closest?.(".part")?.edit(),
  u: async () => {
    if (readOnly) return;
    try {
      const { receipts } = await save("undo", {});
      say(t("question.undone", { n: receipts.length }));
      await refresh();
    } catch (error) {
      say(error.status === 404 ? t("question.nothing-to-undo") : error.message);
    }
  },
  "?": () => location.assign("/help"),
});
draw();
