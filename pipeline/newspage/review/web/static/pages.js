// The list of pages: filtered and sorted by its address, which follows what is chosen.

import { get } from "./api.js";
import { byId, data, el, help, pagePath, say, share, t } from "./base.js";
import { keys } from "./keys.js";
import { Windowed } from "./windowed.js";

// Height of a row, CSS pixels.
const ROW = 76;

function made(page) {
  const failed = page.status === "failed";
  const link = failed || !page.scan ? el("span", { title: page.message }, page.stem) : el("a", { href: pagePath(page.stem), "data-focus": "" }, page.stem);
  const known = [page.paper, page.date, page.page && t("article.page", { page: page.page })].filter(Boolean).join(" · ");
  const cell = (value, key) => el("span", {}, value === "" ? null : el("span", { class: "hidden" }, `${t(key)}: `), String(value));
  const picture = page.scan ? el("img", { src: `/picture/${page.scan}/tile/0/0/0`, alt: "", loading: "lazy", decoding: "async" }) : null;
  return el(
    "div",
    { class: `row pages-row${failed ? " failed" : ""}`, role: "listitem" },
    el("span", { class: "thumb" }, picture),
    el("span", { class: "name" }, link, el("small", {}, failed ? page.message : page.scan ? known : t("card.pending"))),
    cell(share(page.expected), "pages.expected"),
    cell(page.open, "pages.open"),
    cell(page.decided, "pages.decided"),
    cell(page.lost || "", "pages.lost"),
    cell(page.unplaced || "", "pages.unplaced"),
    cell(page.signed ? "✓".repeat(Math.min(2, page.signed)) : "", "pages.signed"),
    cell(page.characters, "pages.characters"),
  );
}

const box = byId("list");
if (box) {
  box.setAttribute("role", "list");
  const list = new Windowed(box, { make: made, height: ROW, more: fetchMore });
  const form = byId("filters");
  const usual = { state: "all", sort: "name" };
  // A stretch that was asked for before the choice changed is of another list.
  let turn = 0;
  let loading = false;

  const chosen = () => [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([name, value]) => value && usual[name] !== value);
  const stretch = (offset) => get(`pages?${new URLSearchParams([...chosen(), ["offset", offset]])}`);

  function show(items, total) {
    list.set(items, total);
    byId("empty").hidden = total > 0;
    byId("lead").textContent = t("front.pages", { n: total });
  }

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

  async function choose() {
    turn += 1;
    const mine = turn;
    const query = new URLSearchParams(chosen()).toString();
    history.replaceState(null, "", query ? `/pages?${query}` : "/pages");
    try {
      const { items, total } = await stretch(0);
      if (mine === turn) show(items, total);
    } catch (error) {
      say(error.message);
    }
  }

  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose();
  });
  const here = () => Number(document.activeElement?.closest(".pages-row")?.getAttribute("aria-posinset") ?? 0) - 1;
  const move = (step) => {
    let at = here() + step;
    while (at > 0 && at < list.items.length && !list.items[at].scan) at += step;
    list.focus(Math.max(0, at));
  };
  keys({
    "/": () => byId("find").focus(),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    "?": help,
  }, ["j", "k", "ArrowDown", "ArrowUp"]);
  show(data.pages, data.total);
}
