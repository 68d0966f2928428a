// Answers and drafts kept in this browser until the server has them: by output folder, over reloads.
//
// One key for each thing, so that several windows never write over each other's.

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;

// Name of the store and output folder of this page: answers for another one are kept apart.
export const identity = meta("identity");

const PREFIX = `newspage/${identity}/`;
// Stands in where the browser keeps nothing (a private window, a full disk): lives as long as the page.
const memory = new Map();

function box(session = false) {
  try {
    return session ? window.sessionStorage : window.localStorage;
  } catch {
    return null;
  }
}

// Keep a value under a name. Returns whether it will outlive the page.
export function keep(name, value) {
  const text = JSON.stringify(value);
  try {
    box().setItem(PREFIX + name, text);
    memory.delete(name);
    return true;
  } catch {
    memory.set(name, text);
    return false;
  }
}

// Return the value kept under a name; null where there is none.
export function kept(name) {
  try {
    return JSON.parse(memory.get(name) ?? box()?.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

export function forget(name) {
  memory.delete(name);
  box()?.removeItem(PREFIX + name);
}

// Return the names that begin with a text, in order.
export function names(start) {
  const found = new Set([...memory.keys()].filter((name) => name.startsWith(start)));
  const store = box();
  for (let i = 0; store && i < store.length; i += 1) {
    const key = store.key(i);
    if (key.startsWith(PREFIX + start)) found.add(key.slice(PREFIX.length));
  }
  return [...found].sort();
}

// Return 32 random hexadecimal digits.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function ownWindow() {
  const store = box(true);
  const known = store?.getItem("newspage/window");
  if (known) return known;
  const made = newKey();
  try {
    store?.setItem("newspage/window", made);
  } catch {
    // Then a reload counts as another window.
  }
  return made;
}

// Name that tells this window from others of the same browser; it stays over reloads.
export const here = ownWindow();
