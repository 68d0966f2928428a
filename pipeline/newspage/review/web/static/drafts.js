// Text that is being typed: kept at every key, offered again until it is saved or thrown away.

import { forget, here, keep, kept, names } from "./storage.js";

const nameOf = (place) => `draft/${place}/${here}`;

// Keep what is typed at a place (a question, a part of an article). `base` is what stood there.
export function keepDraft(place, text, base) {
  if (text === base) forget(nameOf(place));
  else keep(nameOf(place), { text, base });
  return nameOf(place);
}

// The drafts at a place, of this window first: [{name, text, base, own}].
export function draftsAt(place) {
  return draftsBelow(`${place}/`)
    .filter(({ name }) => name.split("/").length === nameOf(place).split("/").length)
    .sort((a, b) => Number(b.own) - Number(a.own));
}

// All drafts at places that begin so.
export function draftsBelow(start) {
  return names(`draft/${start}`)
    .map((name) => ({ name, place: name.slice("draft/".length, name.lastIndexOf("/")), own: name.endsWith(`/${here}`), ...kept(name) }))
    .filter((draft) => typeof draft.text === "string");
}

export const dropDraft = forget;
