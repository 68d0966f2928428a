// Crops of the scan with the glyphs in question marked on top of them, not in them.

import { whyMissing } from "./api.js";
import { el, t } from "./base.js";

// Width of crops, pixels; as STRIP_WIDTH of cache_warmer.py, which cuts them in advance.
export const WIDTH = 1000;

export const cropAddress = (scan, box, width = WIDTH) =>
  `/picture/${encodeURIComponent(scan)}/crop?box=${box.map((v) => Math.round(Math.max(0, v))).join(",")}&w=${width}`;

// Have the browser fetch and decode a crop before it is shown.
export function preload(scan, box) {
  if (!box) return;
  const image = new Image();
  image.src = cropAddress(scan, box);
  image.decode?.().catch(() => {});
}

// Show a crop of `box` with the boxes of the question drawn over it; `lazy`: fetched when in sight.
export function cutting(question, box, label, lazy = false) {
  if (!box) return el("p", { class: "hint" }, t("question.noscan"));
  const [left, top, right, bottom] = box.map((v) => Math.round(Math.max(0, v)));
  const image = el("img", { loading: lazy ? "lazy" : null, decoding: lazy ? "async" : "sync", src: cropAddress(question.scan, box), alt: label, draggable: "false" });
  const frame = el("div", { class: "cutting" }, image);
  frame.style.setProperty("--ratio", String((right - left) / Math.max(1, bottom - top)));
  image.addEventListener("error", async () => {
    const why = el("p", { class: "hint lost" }, t("question.lost-picture"));
    frame.classList.add("missing");
    frame.replaceChildren(why);
    why.textContent = await whyMissing(image.src);
  });
  for (const [l, u, r, d] of question.boxes) {
    const mark = el("span", { class: "mark", "aria-hidden": "true" });
    const part = (v, from, to) => `${(100 * (v - from)) / Math.max(1, to - from)}%`;
    mark.style.left = part(l, left, right);
    mark.style.top = part(u, top, bottom);
    mark.style.width = `${(100 * (r - l)) / Math.max(1, right - left)}%`;
    mark.style.height = `${(100 * (d - u)) / Math.max(1, bottom - top)}%`;
    frame.append(mark);
  }
  return frame;
}
