// One question as it is shown: the scan, the text as it stands and as it would be, and why.

import { byId, el, local, t, visible } from "./base.js";
import { cutting } from "./crops.js";

// Characters shown before and after the place. Judgement, not measured.
const SHOWN = 70;

// Show a stretch of the paragraph around the place, with the text of the place marked.
// Places are counted in characters; some of them are two units long in a script.
function marked(string, [start, end], tag, inside) {
  const text = [...string];
  const piece = (one, other) => text.slice(one, other).join("");
  const from = Math.max(0, start - SHOWN);
  const to = Math.min(text.length, end + SHOWN);
  return [
    from ? "…" : "",
    piece(from, start),
    inside === "" ? el(tag, { class: "gap", title: t("nothing") }, "\u2038") : el(tag, {}, visible(inside)),
    piece(end, to),
    to < text.length ? "…" : "",
  ];
}

// Return the paragraph and the span of the question in it; from the row alone until the view is here.
function surroundings(question, view) {
  if (view) return { text: view.paragraph, place: view.place, stands: [...view.paragraph].slice(...view.place).join("") };
  const start = [...question.before].length;
  const text = question.before + question.original + question.after;
  return { text, place: [start, start + [...question.original].length], stands: question.original };
}

function drawTexts(question, view) {
  const { text, place, stands } = surroundings(question, view);
  const done = ["applied", "accepted", "edited"].includes(question.status);
  byId("now").replaceChildren(...marked(text, place, done ? "ins" : "del", stands));
  const other = done ? question.original : question.proposed;
  byId("then").replaceChildren(...(question.can_accept ? marked(text, place, done ? "del" : "ins", other) : [el("em", { lang: document.documentElement.lang }, t("question.same"))]));
}

// Show text that was typed for this question and is not saved, beside the two other texts.
export function drawDraft(question, view, draft) {
  byId("draft").hidden = !draft;
  if (!draft) return;
  const { text, place } = surroundings(question, view);
  byId("draft-text").replaceChildren(...marked(text, place, "ins", draft.text));
}

export function drawWitness(question, view, zoomed) {
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
    ...past.map((e) => el("li", { class: e.undone ? "undone" : "" }, local(el("time"), e.at), ` · ${e.reviewer === "precedent" ? t("precedent") : e.reviewer} · ${t(`act.${e.act}`)} ${visible(e.text)}`)),
  );
}

function drawActs(question, view) {
  const accept = byId("accept");
  if (!accept) return;
  accept.hidden = !question.can_accept;
  const alike = view?.alike ?? 0;
  byId("all").hidden = alike < 2 || question.status !== "proposed" || !question.can_accept;
  byId("all-words").textContent = t("question.all", { n: alike });
}

// Draw a question; `state` is its status in words, empty where it is open.
export function drawCard(question, view, { zoomed, state, draft }) {
  byId("what").textContent = t(`rule.${question.rule}`);
  byId("where").replaceChildren(
    t("question.where", { article: question.article || t("question.untitled"), page: question.stem }),
    ...(state ? [" · ", el("b", {}, state)] : []),
  );
  drawTexts(question, view);
  drawDraft(question, view, draft);
  drawWitness(question, view, zoomed);
  drawWhy(question, view);
  drawActs(question, view);
}
