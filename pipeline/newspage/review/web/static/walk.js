// The questions one after the other, as the queue has them: fetched as they are needed, none left out.
//
// The server's list gets shorter as answers are saved, and that takes a while. So where the next ones
// lie is only guessed; whether there are any more is asked of the whole list, once nothing waits.

import { get } from "./api.js";
import { query } from "./base.js";
import { pending, settled, waitingFor, whenSaved } from "./outbox.js";

// Rows fetched at a time. Judgement, not measured.
const STRETCH = 60;
// Rows of a request for the whole list; the server gives no more (MOST of endpoints.py).
const LARGE = 500;
// Rows that the guess is taken back by: others decide meanwhile, too.
const MARGIN = 12;
// Readings of the whole list while others decide, too. Judgement, not measured.
const TRIES = 5;

export class Walk {
  // `counted(n)` hears how many of the list are still to be answered.
  constructor(filter, { counted = () => {} } = {}) {
    this.filter = filter;
    this.counted = counted;
    this.rows = [];
    this.decided = waitingFor();
    this.fetching = null;
    this.known = false;
    this.saves = 0;
    whenSaved(() => {
      this.saves += 1;
    });
    // Answered questions leave these lists.
    this.shrinks = filter.state === "open" || filter.state === "applied";
  }

  add(items) {
    const known = new Set(this.rows.map((row) => row.id));
    const before = this.rows.length;
    for (const row of items) {
      if (!known.has(row.id)) this.rows.push(row);
      known.add(row.id);
    }
    return this.rows.length - before;
  }

  // Return the rows that nobody here has answered.
  get left() {
    return this.rows.filter((row) => !this.decided.has(row.id)).length;
  }

  async stretch(offset, limit) {
    const [before, saves] = [pending(), this.saves];
    const { items, total } = await get(`questions${query(this.filter, { offset, limit })}`);
    // Whether an answer that was on its way is in this count, nobody knows: who keeps count goes on.
    const sure = !before && !pending() && saves === this.saves;
    if (sure || !this.known) this.counted(Math.max(0, this.shrinks ? total - waitingFor().size : total));
    this.known = true;
    return { fresh: this.add(items), got: items.length, total };
  }

  // Fetch the whole list from its beginning on; up to the first new row, where that is enough.
  async all(enough = true) {
    let offset = 0;
    let fresh = 0;
    for (;;) {
      const part = await this.stretch(offset, LARGE);
      fresh += part.fresh;
      offset += part.got;
      if (!part.got || offset >= part.total || (enough && fresh)) return { fresh, total: part.total };
    }
  }

  // Fetch further rows; returns how many came.
  more() {
    this.fetching ??= this.look().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  async look() {
    const guess = this.shrinks ? this.left + waitingFor().size : this.rows.length;
    const { fresh } = await this.stretch(Math.max(0, guess - MARGIN), STRETCH);
    return fresh || (await this.all()).fresh;
  }

  // Fetch rows that were never shown, now that all answers are saved; returns how many came, 0 only
  // where the server has no others.
  async rest() {
    for (let i = 0; i < TRIES; i += 1) {
      await settled();
      const { fresh, total } = await this.all(false);
      if (fresh) return fresh;
      if (total <= (this.shrinks ? this.left : this.rows.length)) return 0;
    }
    return 0;
  }
}
