"""What can be reckoned of how a page looks: contrast, names of controls, what sticks out."""

FAINT = r"""() => {
  const parse = (colour) => [...colour.match(/[\d.]+/g).map(Number), 1].slice(0, 4);
  const curve = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const channel = (v) => curve(v / 255);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const ratio = (a, b) => {
    const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + 0.05) / (dark + 0.05);
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !e.getClientRects().length) continue;
    if (e.closest("script, :disabled, #say")) continue;
    let opacity = 1;
    for (let p = e; p; p = p.parentElement) opacity *= Number(getComputedStyle(p).opacity);
    const style = getComputedStyle(e);
    const [r, g, b, a] = parse(style.color);
    const found = ratio(over([r, g, b, a * opacity], ground(e)), ground(e));
    const large = parseFloat(style.fontSize) >= 24;
    if (found < (large ? 3 : 4.5)) faint.push(`${e.tagName} ${e.className} ${found.toFixed(2)}`);
  }
  for (const e of document.querySelectorAll("main input, main select, main button")) {
    if (!e.getClientRects().length || e.disabled || e.type === "checkbox") continue;
    const found = ratio(parse(getComputedStyle(e).borderTopColor), ground(e.parentElement));
    if (found < 3) faint.push(`${e.tagName} ${e.className} border ${found.toFixed(2)}`);
  }
  return faint;
}"""
"""Texts and borders of controls whose contrast is less than WCAG 2.2 (AA) asks for."""

NAMELESS = """() => {
  const kinds = "button, a, input, select, textarea, summary, img:not([alt='']), [tabindex='0']";
  const named = (e) => e.getAttribute("aria-label") || e.getAttribute("alt") || e.title;
  return [...document.querySelectorAll(kinds)]
    .filter((e) => e.getClientRects().length && e.type !== "hidden")
    .filter((e) => !named(e) && !e.textContent.trim() && !e.labels?.length)
    .map((e) => e.outerHTML.slice(0, 120));
}"""
"""Controls and pictures without a name for screen readers; an empty `alt` says: it needs none."""

STICKING_OUT = """() => {
  const wide = [...document.querySelectorAll("main *")]
    .filter((e) => e.getClientRects().length && !e.closest(".scroll, .cutting, .hidden"))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
  const rows = [...document.querySelectorAll(".windowed-row")];
  const box = new Map(rows.map((row) => [row, row.getBoundingClientRect()]));
  rows.sort((a, b) => box.get(a).top - box.get(b).top);
  const over = rows.filter((row, i) => i > 0 && box.get(row).top < box.get(rows[i - 1]).bottom - 1);
  return [...wide, ...over].map((e) => `${e.tagName} ${e.className}`);
}"""
"""What is wider than the window, and rows of lists that lie over each other."""
