// The list of pages.

import { byId, data, el, pagePath, t } from "./base.js";
import { Windowed } from "./windowed.js";

// Height of a row, CSS pixels.
const ROW = 44;

function made(page) {
  const failed = page.status === "failed";
  const name = failed ? el("span", { title: page.message }, page.stem) : el("a", { href: pagePath(page.stem), "data-focus": "" }, page.stem);
  const cell = (value, key) => el("span", { "aria-label": `${t(key)}: ${value}` }, String(value));
  return el(
    "div",
    { class: `row pages-row${failed ? " failed" : ""}`, role: "listitem" },
    el("span", { class: "name" }, name, failed ? el("small", {}, ` ${page.message}`) : null),
    cell(page.open, "pages.open"),
    cell(page.decided, "pages.decided"),
    cell(page.lost || "", "pages.lost"),
    cell(page.signed ? "✓".repeat(Math.min(2, page.signed)) : "", "pages.signed"),
    cell(page.characters, "pages.characters"),
  );
}

const box = byId("list");
if (box) {
  box.setAttribute("role", "list");
  const list = new Windowed(box, { make: made, height: ROW });
  const show = () => {
    const wanted = byId("find").value.trim().toLowerCase();
    const fit = data.pages.filter((p) => p.stem.toLowerCase().includes(wanted));
    list.set(fit, fit.length);
  };
  byId("find").addEventListener("input", show);
  show();
}
