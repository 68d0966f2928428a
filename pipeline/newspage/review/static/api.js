// Requests to our own server. A refusal becomes an Error with status, kind and what came along.

const csrf = document.querySelector('meta[name="csrf"]').content;

export class Refusal extends Error {
  constructor(status, body) {
    super(body.error ?? `HTTP ${status}`);
    this.status = status;
    this.kind = body.kind ?? "";
    this.body = body;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, body);
  return body;
}

export const get = async (path) => answer(await fetch(`/api/${path}`));

export const post = async (path, body) =>
  answer(
    await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Newspage-Csrf": csrf },
      body: JSON.stringify(body),
    }),
  );
