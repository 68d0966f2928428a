// Answers go to the server one after the other, in the order given, while the person goes on.
//
// Each is kept in the browser until the server has acknowledged it, over reloads and restarts, and
// sent again under the same key. Only an answer that the server refuses for its content (somebody was
// faster) goes back to whoever gave it; where that page is gone, it is shown until it was read.

import { post } from "./api.js";
import { byId, el, pagePath, readOnly, reviewer, say, t, visible } from "./base.js";
import { dropDraft } from "./drafts.js";
import { forget, here, keep, kept, names, newKey } from "./storage.js";

// Milliseconds until sending is tried again. Judgement, not measured.
const AGAIN = 5000;
// Refusals of an answer's content, by kind and status: the same kind under another status (a proxy, an
// older server) is trouble on the way, and discards nothing.
const FINAL = { stale: 409, unknown: 404, usage: 400, "nothing-proposed": 400, "too-large": 413 };
const mark = byId("saved");
const jobs = names("waiting/").map((name) => ({ name, ...kept(name) })).filter((job) => job.key);
const listeners = [];
const idle = [];
let busy = false;
let trouble = null;
let timer = 0;
let count = 0;
let unsafe = false;
let any = false;

// Return why the server did not take the answers that wait, and what to do, in words.
function reason(error) {
  if (error.status === 401 || error.status === 403) return t("save.locked");
  return error.kind ? error.message : t("save.trouble", { status: error.status || "?" });
}

const sizeOf = (job) => job.body.answers?.length ?? 1;

// Return the number of answers that the server does not have yet.
export const pending = () => jobs.reduce((sum, job) => sum + sizeOf(job), 0);

// Return the questions to which an answer waits.
export const waitingFor = () => new Set(jobs.flatMap((job) => (job.body.answers ?? []).map((one) => one.question)));

// Tell whether a draft is on its way with just this text.
export const beingSent = ({ name, text }) => jobs.some(({ draft }) => draft?.name === name && draft.text === text);

// Tell whether the server cannot be reached, or refuses to take the answers that wait.
export const stuck = () => trouble !== null;

// Return a promise that is kept once nothing waits any more.
export const settled = () => (jobs.length ? new Promise((done) => idle.push(done)) : Promise.resolve());

// Call `heard(job, result)` for each answer that is acknowledged, those of earlier pages too.
export const whenSaved = (heard) => listeners.push(heard);

function show() {
  mark.classList.toggle("failed", trouble !== null);
  if (trouble) {
    const why = el("small", {}, reason(trouble));
    const held = t(unsafe ? "save.unsafe" : "save.kept", { n: pending() });
    mark.replaceChildren(el("strong", {}, held), " ", why, " ", el("button", { class: "small", onclick: retry }, t("save.retry")));
  } else {
    mark.textContent = jobs.length ? t("save.saving", { n: pending() }) : any ? t("save.saved") : "";
  }
}

function retry() {
  clearTimeout(timer);
  trouble = null;
  work();
}

// Further answers of this window to the same question were given knowing of this one.
function hand(job, receipts = []) {
  for (const { question, seen } of receipts) {
    for (const later of jobs) {
      const same = later.window === job.window ? (later.body.answers ?? []).filter((one) => one.question === question) : [];
      for (const one of same) one.seen = seen;
      if (same.length) store(later);
    }
  }
}

function store(job) {
  const { name, key, path, body, by, window: of, draft } = job;
  if (!keep(name, { key, path, body, by, window: of, draft })) unsafe = true;
}

function drop(job) {
  jobs.splice(jobs.indexOf(job), 1);
  forget(job.name);
}

function acknowledged(job, result) {
  drop(job);
  any = true;
  hand(job, result.receipts);
  // Text typed there since then is another draft.
  if (job.draft && kept(job.draft.name)?.text === job.draft.text) dropDraft(job.draft.name);
  job.done?.(result);
  for (const heard of listeners) heard(job, result);
}

function refused(job, error) {
  drop(job);
  if (job.refused) job.refused(error);
  else if (job.path === "undo" && error.kind === "unknown") say(t("question.nothing-to-undo"));
  else {
    keep(`refused/${job.key}`, { path: job.path, body: job.body, why: error.message });
    showRefused();
  }
}

async function work() {
  if (busy || readOnly) return show();
  busy = true;
  while (jobs.length && !trouble) {
    show();
    const job = jobs[0];
    if (!job.done && !kept(job.name)) {
      // Another window had it acknowledged.
      jobs.shift();
      continue;
    }
    try {
      acknowledged(job, await post(job.path, job.body, job));
    } catch (error) {
      if (FINAL[error.kind] === error.status) refused(job, error);
      else {
        trouble = error;
        timer = setTimeout(retry, AGAIN);
      }
    }
  }
  busy = false;
  show();
  if (!jobs.length) idle.splice(0).forEach((done) => done());
  return undefined;
}

// Hand in an answer; it is kept in the browser before this returns. `typed` names the draft that is
// safe once it is acknowledged. The promise is rejected only where the server refuses.
export function save(path, body, typed = "") {
  count += 1;
  const text = typed ? kept(typed)?.text : undefined;
  const draft = text === undefined ? null : { name: typed, text };
  const name = `waiting/${String(Date.now()).padStart(15, "0")}-${String(count).padStart(6, "0")}-${here}`;
  return new Promise((done, refuse) => {
    const job = { name, key: newKey(), path, body, by: reviewer, window: here, draft, done, refused: refuse };
    jobs.push(job);
    store(job);
    show();
    work();
  });
}

// Show the answers of earlier pages that the server refused, until somebody has read them.
function showRefused() {
  const box = byId("refused");
  const entries = names("refused/").map((name) => [name, kept(name)]);
  const where = (body) => {
    if (body.answers?.length) return el("a", { href: `/q/${body.answers[0].question}?state=all` }, t("question.title", { n: body.answers[0].question }));
    const stem = body.stem ?? body.before?.[0];
    return stem ? el("a", { href: pagePath(stem) }, stem) : null;
  };
  const what = ({ path, body }) => {
    const [one] = body.answers ?? [];
    const words = one ? t(`act.${one.act}`) : t(path === "undo" ? "question.undo" : "refused.change");
    const text = one?.text ?? body.text ?? "";
    return [words, text ? el("q", { lang: "zh" }, visible(text)) : null];
  };
  box.replaceChildren(
    ...entries.filter(([, entry]) => entry).map(([name, entry]) => {
      const read = () => {
        forget(name);
        showRefused();
      };
      return el("li", {}, t("refused.lead"), " ", where(entry.body), " ", ...what(entry), " – ", entry.why, " ", el("button", { class: "small", onclick: read }, t("refused.read")));
    }),
  );
  box.hidden = !box.children.length;
}

window.addEventListener("beforeunload", (event) => {
  // Answers that the browser could not keep would be lost.
  if (!unsafe || !jobs.length) return;
  event.preventDefault();
  event.returnValue = t("save.leave");
});
window.addEventListener("online", retry);

showRefused();
// After the page's own script has had its say.
queueMicrotask(() => setTimeout(work));
