// Editing of a part of an article: a field in its place; typed text is kept until it is saved.

import { el, t } from "./base.js";
import { dropDraft, keepDraft } from "./drafts.js";
import { composing } from "./keys.js";

// Return the place under which drafts of a part are kept; of a whole page where only it is named.
export const placeOf = (...names) => ["p", ...names].map((name) => encodeURIComponent(name)).join("/");

// Return the smallest stretch that a person changed, in characters (not UTF-16 units), so that
// unchanged text keeps its place on the scan: [start, end, text].
export function difference(one, other) {
  const [from, to] = [[...one], [...other]];
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  return [start, from.length - end, to.slice(start, to.length - end).join("")];
}

const unitsBefore = (text, characters) => [...text].slice(0, characters).join("").length;

// Put a field in the place of `node`. It begins with `text` (a draft, or the present text), the caret
// before a character (null: at the end). `beside` is the present text, where a draft began from
// another one. `keep(text, draft)` saves, `leave()` shows the present text again.
export function openField(node, { standing, text, caret, beside, place, keep, leave }) {
  const field = el("textarea", { lang: "zh", rows: Math.max(1, Math.ceil(text.length / 24)), "aria-label": t("page.edit") });
  field.value = text;
  const done = () => keep(field.value, keepDraft(place, field.value, standing));
  const buttons = [el("button", { class: "primary small", onclick: done }, t("page.save")), el("button", { class: "small", onclick: leave }, t("page.cancel"))];
  field.addEventListener("input", () => keepDraft(place, field.value, standing));
  field.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!event.repeat) done();
    } else if (event.key === "Escape") leave();
  });
  const other = beside === null ? null : el("div", { class: "standing" }, el("small", { lang: document.documentElement.lang }, t("question.now")), el("p", {}, ...compared(beside, text, "del")));
  const box = el("div", { class: "inline-editor" }, other, field, ...buttons);
  node.replaceWith(box);
  field.focus();
  const at = caret === null ? text.length : unitsBefore(text, caret);
  field.setSelectionRange(at, at);
  return field;
}

// Show a text with the stretch marked in which it differs from another.
function compared(text, other, tag) {
  const [start, end] = difference(text, other);
  const all = [...text];
  const piece = (from, to) => all.slice(from, to).join("");
  return [piece(0, start), end > start ? el(tag, {}, piece(start, end)) : null, piece(end)];
}

// Show typed text that is not saved, beside the present text (null: the part is not there any more).
export function draftBox(draft, standing, { goOn, gone }) {
  const lead = standing === null ? "draft.no-place" : draft.base === standing ? "draft.lead" : "draft.conflict";
  const throwAway = () => {
    dropDraft(draft.name);
    gone();
  };
  const side = (words, ...text) => el("div", {}, el("small", { lang: document.documentElement.lang }, words), el("p", {}, ...text));
  return el(
    "div",
    { class: "draft", role: "group", "aria-label": t("draft.mine"), "data-draft": draft.name },
    el("p", { class: "hint", lang: document.documentElement.lang }, t(lead)),
    el(
      "div",
      { class: "sides" },
      standing === null ? null : side(t("question.now"), ...compared(standing, draft.text, "del")),
      side(t("draft.mine"), ...(standing === null ? [draft.text] : compared(draft.text, standing, "ins"))),
    ),
    el(
      "p",
      { class: "buttons", lang: document.documentElement.lang },
      goOn ? el("button", { class: "small primary", onclick: goOn }, t("draft.on")) : null,
      el("button", { class: "small", onclick: throwAway }, t("draft.off")),
    ),
  );
}
