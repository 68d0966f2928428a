// A menu below a button: arrows move, Enter or a digit chooses, Escape goes back.

import { el } from "./base.js";

// Return a menu: its `node`, and `open(button, items)`. An item has `words`, `go()`, and may have `lang`
// and `now` (it is what stands now).
export function makeMenu() {
  const node = el("div", { class: "menu", role: "menu", hidden: true });
  let opener = null;
  let before = null;

  function close() {
    node.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
  }

  function leave() {
    close();
    (before?.isConnected ? before : opener)?.focus({ preventScroll: true });
  }

  function open(button, items) {
    close();
    before = node.contains(document.activeElement) ? before : document.activeElement;
    opener = button;
    opener.setAttribute("aria-expanded", "true");
    node.setAttribute("aria-label", button.textContent);
    const choose = (item) => () => {
      leave();
      item.go();
    };
    node.replaceChildren(
      ...items.map((item, i) =>
        el("button", { class: "small", role: "menuitemradio", "aria-checked": item.now ? "true" : "false", lang: item.lang, onclick: choose(item) }, i < 10 ? el("kbd", {}, String((i + 1) % 10)) : null, ` ${item.words}`),
      ),
    );
    node.style.left = `${button.offsetLeft}px`;
    node.style.top = `${button.offsetTop + button.offsetHeight + 2}px`;
    node.hidden = false;
    (node.querySelector('[aria-checked="true"]') ?? node.firstElementChild)?.focus();
  }

  node.addEventListener("keydown", (event) => {
    const buttons = [...node.children];
    const at = buttons.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (event.key in moves) buttons.at(moves[event.key] % buttons.length)?.focus();
    else if (event.key === "Escape") leave();
    else if (event.key === "Tab") return close();
    else if (/^[0-9]$/.test(event.key)) {
      if (!event.repeat) buttons[(Number(event.key) + 9) % 10]?.click();
    } else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!node.hidden && !node.contains(event.target)) close();
  });
  return { node, open };
}
