// Shared by every page: its data, its words, elements made without markup, and a line for messages.

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const data = read("data");
const words = read("texts");
export const readOnly = document.body.hasAttribute("data-read-only");
export const reviewer = document.body.dataset.reviewer;

// Return the words for a key, with {placeholders} filled in; an unknown key stays as it is. For n = 1
// the words under KEY.one are taken, where there are any.
export function t(key, values = {}) {
  const text = (values.n === 1 ? words[`${key}.one`] : null) ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// Make an element with attributes and children; strings become text, never markup.
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

let silence = 0;
// Show a sentence at the foot of the page, read out by screen readers too.
export function say(text) {
  const line = byId("say");
  line.textContent = text;
  line.classList.toggle("shown", Boolean(text));
  clearTimeout(silence);
  silence = setTimeout(() => line.classList.remove("shown"), 6000);
}

// Format a date as year, month and day in any language: no reader takes one for the other.
const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
const clock = new Intl.DateTimeFormat("sv-SE", parts);
const exact = new Intl.DateTimeFormat("sv-SE", { ...parts, second: "2-digit", timeZoneName: "longOffset" });
const zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

// Show a moment (ISO 8601) as the clock on the wall has it; the zone stands in the title.
export function local(node, at) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return node;
  node.setAttribute("datetime", at);
  node.title = `${exact.format(moment)} (${zoneName})`;
  if (!node.hasAttribute("data-said")) node.textContent = clock.format(moment);
  return node;
}
for (const node of document.querySelectorAll("time[data-at]")) local(node, node.getAttribute("datetime"));

// Return a share as a percentage, with one more digit where it is small; nothing for null.
export const share = (value) => (value === null ? "" : `${(100 * value).toFixed(value < 0.01 ? 2 : 1)} %`);

// Make line breaks visible.
export const visible = (text) => text.replaceAll("\n", "¶");

// Return the query of an address for a filter; values that are the usual ones are left out.
export function query(filter, more = {}) {
  const usual = { state: "open", least: 0, most: 1, sort: "value" };
  const pairs = Object.entries({ ...filter, ...more });
  const said = pairs.filter(([k, v]) => v !== "" && v !== null && v !== undefined && usual[k] !== v);
  const text = new URLSearchParams(said).toString();
  return text ? `?${text}` : "";
}

export const pagePath = (stem) => `/page/${stem.split("/").map(encodeURIComponent).join("/")}`;

// Show the list of keys, over the page that they are for.
export const help = () => byId("help")?.showModal();

// Escape closes the settings and goes back to what opened them.
const settings = document.querySelector("details.settings");
settings?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !settings.open) return;
  settings.open = false;
  settings.querySelector("summary").focus();
});
