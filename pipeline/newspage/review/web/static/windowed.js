// A list of which only the rows in sight are in the document: thousands stay fluid.
//
// Rows have one height, given in CSS by --row; an opened row lies over its place with its own height.

export class Windowed {
  // `make(item, index)` gives the element of a row; `more(count)` is called near the end of what is known.
  constructor(box, { make, height, more = () => {} }) {
    this.box = box;
    this.make = make;
    this.height = height;
    this.more = more;
    this.items = [];
    this.total = 0;
    this.heights = new Map();
    this.rows = new Map();
    this.space = document.createElement("div");
    this.space.className = "space";
    this.box.replaceChildren(this.space);
    const again = () => requestAnimationFrame(() => this.draw());
    window.addEventListener("scroll", again, { passive: true });
    window.addEventListener("resize", again);
  }

  set(items, total) {
    this.items = items;
    this.total = total;
    this.rows.forEach((row) => row.remove());
    this.rows.clear();
    this.draw();
  }

  // Make a row anew, and say how high it is where it is not as high as the others.
  redo(index, height = null) {
    if (height) this.heights.set(index, height);
    else this.heights.delete(index);
    this.rows.get(index)?.remove();
    this.rows.delete(index);
    this.draw();
  }

  top(index) {
    let extra = 0;
    for (const [at, height] of this.heights) if (at < index) extra += height - this.height;
    return index * this.height + extra;
  }

  // Return the row at a height.
  at(y) {
    let low = 0;
    let high = Math.max(0, this.items.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.top(middle + 1) < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  draw() {
    const count = this.items.length;
    this.space.style.height = `${this.top(count)}px`;
    const above = -this.box.getBoundingClientRect().top;
    const margin = 4 * this.height;
    const first = this.at(above - margin);
    let last = Math.min(first, count);
    while (last < count && this.top(last) < above + window.innerHeight + margin) last += 1;
    for (const [index, row] of this.rows) {
      if ((index < first || index >= last) && !row.contains(document.activeElement)) {
        row.remove();
        this.rows.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) this.place(index);
    if (last >= count && count < this.total) this.more(count);
  }

  place(index) {
    let row = this.rows.get(index);
    if (!row) {
      row = this.make(this.items[index], index);
      row.classList.add("windowed-row");
      row.setAttribute("aria-setsize", String(this.total));
      row.setAttribute("aria-posinset", String(index + 1));
      this.rows.set(index, row);
      this.space.append(row);
    }
    row.style.top = `${this.top(index)}px`;
  }

  focus(index) {
    if (index < 0 || index >= this.items.length) return;
    const edge = this.box.getBoundingClientRect().top + this.top(index);
    if (edge < 80 || edge + this.height > window.innerHeight - 40) window.scrollBy({ top: edge - window.innerHeight / 3 });
    this.draw();
    this.place(index);
    this.rows.get(index)?.querySelector("[data-focus]")?.focus({ preventScroll: true });
  }
}
