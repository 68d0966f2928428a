// A scan of any size on a canvas: tiles of the level that fits, smaller ones under them until they come.

// Tiles kept in memory. Judgement, not measured.
const KEPT = 240;

export class Viewer {
  // `page` has scan, width, height; `paint(context, toScreen)` draws over the scan, in scan pixels.
  // `lost(address)` is called where a piece of the scan does not come.
  constructor(canvas, page, { tile = 512, paint = () => {}, point = () => {}, press = () => {}, lost = () => {} } = {}) {
    this.canvas = canvas;
    this.page = page;
    this.tile = tile;
    this.paint = paint;
    this.point = point;
    this.press = press;
    this.lost = lost;
    this.levels = 1 + Math.max(0, Math.ceil(Math.log2(Math.max(page.width, page.height, 1) / tile)));
    this.tiles = new Map();
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.pointers = new Map();
    this.queued = false;
    this.fitted = true;
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listen();
    this.resize();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    this.ratio = window.devicePixelRatio || 1;
    this.width = box.width;
    this.height = box.height;
    this.canvas.width = Math.max(1, Math.round(box.width * this.ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * this.ratio));
    if (this.fitted) this.fit();
    else this.settle();
  }

  get least() {
    return Math.min(this.width / this.page.width, this.height / this.page.height) || 0.01;
  }

  fit() {
    this.scale = this.least;
    this.x = (this.page.width - this.width / this.scale) / 2;
    this.y = (this.page.height - this.height / this.scale) / 2;
    this.fitted = true;
    this.redraw();
  }

  // Keep the scan in sight.
  settle() {
    const keep = (at, size, shown) => (size <= shown ? (size - shown) / 2 : Math.min(Math.max(at, 0), size - shown));
    this.x = keep(this.x, this.page.width, this.width / this.scale);
    this.y = keep(this.y, this.page.height, this.height / this.scale);
    this.redraw();
  }

  zoom(factor, cx = this.width / 2, cy = this.height / 2) {
    const before = this.scale;
    this.scale = Math.min(Math.max(before * factor, this.least), 6);
    this.x += cx / before - cx / this.scale;
    this.y += cy / before - cy / this.scale;
    this.fitted = this.scale <= this.least * 1.001;
    this.settle();
  }

  pan(dx, dy) {
    this.x += dx / this.scale;
    this.y += dy / this.scale;
    this.fitted = false;
    this.settle();
  }

  // Bring a box of the scan into view, at a size at which it can be read.
  show([left, top, right, bottom], em = 0) {
    const readable = em ? Math.min(Math.max(this.scale, 16 / em), 3) : this.scale;
    const inside = left >= this.x && top >= this.y && right <= this.x + this.width / this.scale && bottom <= this.y + this.height / this.scale;
    if (inside && readable <= this.scale * 1.01) return this.redraw();
    this.scale = readable;
    this.x = (left + right) / 2 - this.width / this.scale / 2;
    this.y = (top + bottom) / 2 - this.height / this.scale / 2;
    this.fitted = false;
    return this.settle();
  }

  redraw() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.draw();
    });
  }

  draw() {
    const context = this.canvas.getContext("2d");
    const scale = this.scale * this.ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, -this.x * scale, -this.y * scale);
    context.imageSmoothingQuality = "high";
    const wanted = Math.min(this.levels - 1, Math.max(0, this.levels - 1 + Math.ceil(Math.log2(scale) - 0.2)));
    const under = [0, wanted - 2, wanted - 1].filter((l, i, all) => l >= 0 && l < wanted && all.indexOf(l) === i);
    for (const level of [...under, wanted]) this.drawLevel(context, level, level === wanted || level === 0);
    this.paint(context, 1 / this.scale);
  }

  drawLevel(context, level, ask) {
    const side = this.tile * 2 ** (this.levels - 1 - level);
    const first = [Math.max(0, Math.floor(this.x / side)), Math.max(0, Math.floor(this.y / side))];
    const last = [
      Math.min(Math.ceil(this.page.width / side), Math.ceil((this.x + this.width / this.scale) / side)),
      Math.min(Math.ceil(this.page.height / side), Math.ceil((this.y + this.height / this.scale) / side)),
    ];
    for (let row = first[1]; row < last[1]; row += 1) {
      for (let column = first[0]; column < last[0]; column += 1) {
        const image = this.image(level, column, row, ask);
        if (image) context.drawImage(image, column * side, row * side, (side * image.width) / this.tile, (side * image.height) / this.tile);
      }
    }
  }

  image(level, column, row, ask) {
    const key = `${level}/${column}/${row}`;
    const known = this.tiles.get(key);
    if (known) {
      this.tiles.delete(key);
      this.tiles.set(key, known);
      return known.complete && known.naturalWidth ? known : null;
    }
    if (!ask) return null;
    const image = new Image();
    image.decoding = "async";
    image.onload = () => this.redraw();
    image.onerror = () => this.lost(image.src);
    image.src = `/picture/${encodeURIComponent(this.page.scan)}/tile/${key}`;
    this.tiles.set(key, image);
    if (this.tiles.size > KEPT) this.tiles.delete(this.tiles.keys().next().value);
    return null;
  }

  scanPoint(event) {
    const box = this.canvas.getBoundingClientRect();
    return [this.x + (event.clientX - box.left) / this.scale, this.y + (event.clientY - box.top) / this.scale];
  }

  listen() {
    const canvas = this.canvas;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
      this.zoom(Math.exp(-step / 400), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, event);
      this.moved = false;
    });
    canvas.addEventListener("pointermove", (event) => this.pointerMoved(event));
    const up = (event) => {
      if (this.pointers.delete(event.pointerId) && !this.moved && event.type === "pointerup") this.press(...this.scanPoint(event));
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("dblclick", (event) => {
      const box = canvas.getBoundingClientRect();
      this.zoom(2, event.clientX - box.left, event.clientY - box.top);
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  pointerMoved(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.point(...this.scanPoint(event));
    const others = [...this.pointers.values()].filter((p) => p.pointerId !== event.pointerId);
    const dx = before.clientX - event.clientX;
    const dy = before.clientY - event.clientY;
    if (Math.hypot(dx, dy) > 0.5) this.moved = true;
    if (others.length) {
      const [other] = others;
      const box = this.canvas.getBoundingClientRect();
      const apart = (p) => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY) || 1;
      this.zoom(apart(event) / apart(before), (event.clientX + other.clientX) / 2 - box.left, (event.clientY + other.clientY) / 2 - box.top);
      this.pan(dx / 2, dy / 2);
    } else this.pan(dx, dy);
    this.pointers.set(event.pointerId, event);
    return undefined;
  }

  key(event) {
    const step = 60;
    const acts = {
      "+": () => this.zoom(1.4),
      "=": () => this.zoom(1.4),
      "-": () => this.zoom(1 / 1.4),
      0: () => this.fit(),
      ArrowLeft: () => this.pan(-step, 0),
      ArrowRight: () => this.pan(step, 0),
      ArrowUp: () => this.pan(0, -step),
      ArrowDown: () => this.pan(0, step),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    acts[event.key]();
  }
}
