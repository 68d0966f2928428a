// Text that is being typed: kept at every key, offered again until it is saved or thrown away.

import { forget, here, keep, kept, names } from "./storage.js";

const nameOf = (place) => `draft/${place}/${here}`;

// Keep the text typed at a place (a question, a part of an article). `base` is the text it began from.
export function keepDraft(place, text, base) {
  if (text === base) forget(nameOf(place));
  else keep(nameOf(place), { text, base });
  return nameOf(place);
}

// Return the drafts at a place, that of this window first: [{name, text, base, own}].
export function draftsAt(place) {
  return draftsBelow(`${place}/`)
    .filter(({ name }) => name.split("/").length === nameOf(place).split("/").length)
    .sort((a, b) => Number(b.own) - Number(a.own));
}

// Return all drafts at places whose name begins with a text.
export function draftsBelow(start) {
  return names(`draft/${start}`)
    .map((name) => ({ name, place: name.slice("draft/".length, name.lastIndexOf("/")), own: name.endsWith(`/${here}`), ...kept(name) }))
    .filter((draft) => typeof draft.text === "string");
}

export const dropDraft = forget;
