// Answers go to the server one after the other, in the order given, while the person goes on.
//
// What the server refuses is handed to whoever gave it; what it could not be told (it is not there)
// is kept and tried again, so that nothing is lost while the page is open.

import { post } from "./api.js";
import { byId, el, t } from "./base.js";

const waiting = [];
let busy = false;
let failed = false;

const mark = byId("saved");

function show() {
  mark.classList.toggle("failed", failed);
  if (failed) {
    mark.replaceChildren(t("save.failed"), " ", el("button", { onclick: () => retry() }, t("save.retry")));
  } else {
    mark.textContent = waiting.length ? t("save.saving", { n: waiting.length }) : mark.dataset.any ? t("save.saved") : "";
  }
}

function retry() {
  failed = false;
  work();
}

async function work() {
  if (busy) return;
  busy = true;
  while (waiting.length && !failed) {
    show();
    const job = waiting[0];
    try {
      const body = typeof job.body === "function" ? job.body() : job.body;
      const result = await post(job.path, body);
      waiting.shift();
      mark.dataset.any = "1";
      job.done(result);
    } catch (error) {
      if (error.status && error.status !== 500) {
        waiting.shift();
        job.refused(error);
      } else {
        failed = true;
        setTimeout(retry, 5000);
      }
    }
  }
  busy = false;
  show();
}

// Give something to be saved. `body` may be a function: it is called when its turn has come.
export function save(path, body) {
  return new Promise((done, refused) => {
    waiting.push({ path, body, done, refused });
    show();
    work();
  });
}

export const pending = () => waiting.length;

window.addEventListener("beforeunload", (event) => {
  if (waiting.length) {
    event.preventDefault();
    event.returnValue = t("save.leave");
  }
});
