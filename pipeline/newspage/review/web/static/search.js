// Search: each hit is cut out of its scan once it comes into sight; results are walked by key.

import { get } from "./api.js";
import { byId, el, help, t } from "./base.js";
import { cutting } from "./crops.js";
import { keys } from "./keys.js";

const hits = [...document.querySelectorAll(".hit")];
const box = byId("words");

async function show(hit) {
  const { stem, article, start, end } = hit.dataset;
  const frame = hit.querySelector(".printed");
  try {
    const place = await get(`place?${new URLSearchParams({ stem, article, start, end })}`);
    hit.classList.toggle("vertical", place.vertical);
    if (place.strip) frame.replaceChildren(cutting(place, place.strip, t("search.printed"), true));
  } catch (error) {
    frame.replaceChildren(el("p", { class: "hint" }, error.message));
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    show(entry.target);
  }
}, { rootMargin: "200px" });
hits.forEach((hit) => seen.observe(hit));

function move(step) {
  const links = hits.map((hit) => hit.querySelector("[data-focus]"));
  const now = links.indexOf(document.activeElement);
  const next = links[now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step];
  next?.focus({ preventScroll: true });
  next?.closest(".hit").scrollIntoView({ block: "nearest" });
}

keys(
  {
    "/": () => {
      box.focus();
      box.select();
    },
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    o: () => document.activeElement?.closest(".hit")?.querySelector(".on-page").click(),
    "?": help,
  },
  ["j", "k", "ArrowDown", "ArrowUp"],
);
