// Requests to our own server. A refusal becomes an Error with status, kind and what came along.

import { t } from "./base.js";
import { identity } from "./storage.js";

// Milliseconds after which a silent server counts as away. Judgement, not measured.
const PATIENCE = 30000;

let csrf = document.querySelector('meta[name="csrf"]').content;

export class Refusal extends Error {
  constructor(status, body) {
    super(body.error || `HTTP ${status}`);
    this.status = status;
    this.kind = body.kind ?? "";
    this.body = body;
  }
}

async function answer(response) {
  const text = await response.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    body = { error: text.length < 300 && !text.includes("<") ? text.trim() : "" };
  }
  if (!response.ok) throw new Refusal(response.status, body ?? {});
  return body;
}

async function reach(address, options = {}) {
  try {
    return await fetch(address, options);
  } catch {
    throw new Refusal(0, { kind: "away", error: t("save.away") });
  }
}

export const get = async (path) => answer(await reach(`/api/${path}`));

// Get the token of a server that was started anew; refuse one that serves another folder by now.
async function renew() {
  const session = await get("session");
  if (session.identity !== identity) throw new Refusal(0, { kind: "elsewhere", error: t("save.elsewhere") });
  csrf = session.csrf;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = csrf;
}

// Send a change. Under the same `key` it can be sent again: it is no second decision.
export async function post(path, body, { key, by }) {
  const send = () =>
    reach(`/api/${path}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Newspage-Csrf": csrf,
        "X-Newspage-Reviewer": encodeURIComponent(by),
        "Idempotency-Key": key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  let response = await send();
  if (response.status === 401 || response.status === 403) {
    await renew();
    response = await send();
  }
  return answer(response);
}

// Return why a picture did not come and what to do, in words: an image itself does not say.
export async function whyMissing(address) {
  try {
    const response = await fetch(address);
    if (!response.ok) await answer(response);
  } catch (error) {
    if (error.kind) return error.message;
  }
  return t("question.lost-picture");
}
