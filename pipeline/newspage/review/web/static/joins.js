// Joins of text over a column, a block or a page: both ends, and the other states they can have.

import { byId, el, pagePath, readOnly, t, visible } from "./base.js";
import { cutting } from "./crops.js";

// Return the state of a join, and the other states it can have with the words that lead to them.
function joinState(join) {
  if (join.kind !== "page") return join.joined ? "joined" : "parted";
  if (!join.linked) return "apart";
  return join.joined ? "joined" : "parted";
}

function decideJoin(join, wanted, act) {
  if (join.kind !== "page") return act("join", { join: join.id, joined: wanted === "joined", seen: join.seen });
  const how = { joined: "on", parted: "paragraph", apart: "apart" }[wanted];
  const key = (end) => [end.stem, end.article];
  return act("link", { before: key(join.before_end), after: key(join.after_end), how, seen: join.seen });
}

function joinButtons(join, n, act) {
  if (readOnly) return null;
  const state = joinState(join);
  const states = join.kind === "page" ? ["joined", "parted", "apart"] : ["joined", "parted"];
  const button = (wanted) =>
    el("button", { class: "small", "data-wanted": wanted, "aria-label": `${t("page.join.of", { n })}: ${t(`page.join.make.${wanted}`)}`, onclick: () => decideJoin(join, wanted, act) }, t(`page.join.make.${wanted}`));
  return el("p", { class: "buttons" }, ...states.filter((s) => s !== state).map(button));
}

function drawEnd(page, end, text, words) {
  const there = end.stem !== page.stem;
  const place = there ? el("a", { href: pagePath(end.stem) }, end.stem) : null;
  return el(
    "figure",
    { class: "end" },
    cutting({ scan: end.scan, boxes: [end.line] }, end.strip, t(`page.join.${words}`), true),
    el("figcaption", {}, el("small", {}, t(`page.join.${words}`), place ? ", " : null, place), el("span", { lang: "zh" }, words === "leaves" ? `…${visible(text)}` : `${visible(text)}…`)),
  );
}

function drawJoin(page, join, i, { act, lighting }) {
  const state = joinState(join);
  const own = join.before_end.stem === page.stem ? join.before_box : join.after_box;
  return lighting(
    el(
      "li",
      { class: `join ${state}${join.decided ? " decided" : ""}`, tabindex: "0", "data-key": join.id, "aria-label": `${t("page.join.of", { n: i + 1 })}, ${t(`join.${join.kind}`)}: ${t(`page.join.${state}`)}` },
      el("p", { class: "join-head" }, el("b", {}, t(`join.${join.kind}`)), " ", el("span", { class: "join-state" }, t(`page.join.${state}`)), el("small", {}, join.decided ? t("page.join.decided") : t("page.join.score", { n: Math.round(100 * join.score) }))),
      el("div", { class: "ends" }, drawEnd(page, join.before_end, join.before, "leaves"), el("span", { class: "sign", "aria-hidden": "true" }, { joined: "→", parted: "¶", apart: "✕" }[state]), drawEnd(page, join.after_end, join.after, "comes")),
      joinButtons(join, i + 1, act),
    ),
    own,
  );
}

const FINISHED = /[。！？!?…][”’」』〞）)》】]*\s*$/;

// Say that an article goes on in a chosen one, or (`leaving` false) comes from there.
export function linkParts(page, own, chosen, leaving, act) {
  const ends = FINISHED.test(own?.parts.at(-1)?.text ?? "");
  const pair = [[page.stem, own.id], [chosen.stem, chosen.article]];
  const [before, after] = leaving ? pair : pair.reverse();
  return act("link", { before, after, how: leaving && !ends ? "on" : "paragraph", seen: chosen.seen });
}

// Show an article whose other part was not found, with the articles to choose from.
function drawLoose(page, loose, act) {
  const own = page.articles.find((a) => a.id === loose.article);
  const words = t(loose.leaving ? "page.loose.goes" : "page.loose.comes", { page: loose.page || "?" });
  const choice = el("select", { "aria-label": `${loose.title}: ${words}`, disabled: readOnly }, el("option", { value: "" }, t(loose.choices.length ? "page.loose.choose" : "page.loose.none")));
  loose.choices.forEach((c, i) => choice.append(el("option", { value: i, lang: "zh" }, `${c.stem} · ${c.text}`)));
  choice.addEventListener("change", () => {
    const chosen = loose.choices[choice.value];
    if (chosen && own) linkParts(page, own, chosen, loose.leaving, act);
  });
  return el("li", { class: "join loose" }, el("p", { class: "join-head" }, el("b", {}, t("join.page")), " ", el("span", { lang: "zh" }, loose.title), " ", el("span", { class: "join-state" }, words)), choice);
}

// Return how doubtful a join is, from 0 (settled) to 1: what nobody decided and could be either.
const doubt = (join) => (join.decided ? -1 : 1 - 2 * Math.abs(join.score - 0.5));

// Show loose ends and joins, the most doubtful first. `act(path, body)` saves a decision; `lighting(node, box)` has a node
// show its box on the scan.
export function drawJoins(page, tools) {
  const count = page.joins.length + page.loose.length;
  byId("joins-count").textContent = String(count);
  byId("joins-box").hidden = count === 0;
  byId("joins").replaceChildren(...page.loose.map((loose) => drawLoose(page, loose, tools.act)), ...[...page.joins].sort((a, b) => doubt(b) - doubt(a)).map((join, i) => drawJoin(page, join, i, tools)));
}
