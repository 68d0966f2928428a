// Keys, one letter each; not while somebody types, composes or holds a modifier.

const typing = (target) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function keys(table) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const act = table[event.key];
    if (!act) return;
    // Enter and space press the button that has the focus.
    if ((event.key === "Enter" || event.key === " ") && event.target.closest("button, a, summary")) return;
    event.preventDefault();
    act(event);
  });
}
