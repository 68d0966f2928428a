// Drawings over the scan of a page.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Draw regions and reading order of a page; lines are `thin` wide, in pixels of the scan.
export function paintRegions(context, page, thin, { boxes, order }) {
  const regions = [...page.regions].sort((a, b) => a.order - b.order);
  context.lineWidth = 2 * thin;
  context.font = `600 ${13 * thin}px system-ui`;
  const numbers = new Map(page.articles.map((a, i) => [a.id, i]));
  for (const region of regions) {
    const [l, u, r, d] = region.box;
    const hue = region.article ? (numbers.get(region.article) * 137) % 360 : 0;
    context.strokeStyle = region.article ? `hsl(${hue} 70% 40%)` : "#777";
    context.fillStyle = region.article ? `hsl(${hue} 70% 40% / 0.10)` : "rgb(120 120 120 / 0.12)";
    if (boxes) {
      context.fillRect(l, u, r - l, d - u);
      context.strokeRect(l, u, r - l, d - u);
    }
  }
  if (!order) return;
  paintArrows(context, thin, regions);
  for (const region of regions) paintNumber(context, thin, region);
}

// Draw the number of a region in the reading order, readable on any paper.
function paintNumber(context, thin, region) {
  const text = String(region.order);
  const [l, u] = region.box;
  const width = context.measureText(text).width + 8 * thin;
  context.fillStyle = region.article ? colour("--accent") : "#6b665e";
  context.fillRect(l, u, width, 18 * thin);
  context.fillStyle = region.article ? colour("--on-accent") : "#ffffff";
  context.fillText(text, l + 4 * thin, u + 14 * thin);
}

function paintArrows(context, thin, regions) {
  const middle = ([l, u, r, d]) => [(l + r) / 2, (u + d) / 2];
  context.strokeStyle = context.fillStyle = colour("--accent");
  for (let i = 1; i < regions.length; i += 1) {
    if (regions[i].article !== regions[i - 1].article || !regions[i].article) continue;
    const [x0, y0] = middle(regions[i - 1].box);
    const [x1, y1] = middle(regions[i].box);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.beginPath();
    context.moveTo(x1, y1);
    for (const turn of [-0.4, 0.4]) context.lineTo(x1 - 12 * thin * Math.cos(angle + turn), y1 - 12 * thin * Math.sin(angle + turn));
    context.fill();
  }
}
