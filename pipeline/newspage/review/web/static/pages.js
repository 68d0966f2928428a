// The list of pages.

import { get } from "./api.js";
import { byId, data, el, pagePath, query, say, share, t } from "./base.js";
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
    cell(share(page.expected), "pages.expected"),
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
  const list = new Windowed(box, { make: made, height: ROW, more: fetchMore });
  const find = byId("find");
  // A stretch that was asked for before the search changed is of another list.
  let turn = 0;
  let loading = false;

  const stretch = (offset) => get(`pages${query({}, { find: find.value.trim(), offset })}`);

  async function fetchMore(offset) {
    if (loading) return;
    loading = true;
    const mine = turn;
    try {
      const more = await stretch(offset);
      if (mine !== turn) return;
      list.items = [...list.items, ...more.items];
      list.total = more.items.length ? more.total : list.items.length;
    } catch (error) {
      say(error.message);
      return;
    } finally {
      loading = false;
    }
    list.draw();
  }

  async function search() {
    turn += 1;
    const mine = turn;
    try {
      const { items, total } = await stretch(0);
      if (mine === turn) list.set(items, total);
    } catch (error) {
      say(error.message);
    }
  }

  find.value = data.find;
  find.addEventListener("input", search);
  list.set(data.pages, data.total);
}
