// Keys, one letter each; not while somebody types, composes or holds a modifier.
//
// A key that is held down does nothing (but move, where a list says so). Only Shift makes a capital:
// with Caps Lock on, the key a is still a.

const typing = (target) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// Tell whether an input method has the key: some browsers say so by the old code 229 alone.
export const composing = (event) => event.isComposing || event.keyCode === 229;

const named = (event) => {
  if (!/^[a-z]$/i.test(event.key)) return event.key;
  return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
};

// `held`: the keys that may be held down.
export function keys(table, held = []) {
  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const key = named(event);
    const act = table[key];
    if (!act) return;
    // Enter and space press the button that has the focus.
    if ((key === "Enter" || key === " ") && event.target.closest("button, a, summary")) return;
    event.preventDefault();
    if (event.repeat && !held.includes(key)) return;
    act(event);
  });
}

// Enter that is held down presses a button once.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest?.("button, a, summary, input")) event.preventDefault();
  },
  true,
);
