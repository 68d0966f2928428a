// An article: citations are copied, the next one of the issue is a key away.

import { byId, help, say, t } from "./base.js";
import { keys } from "./keys.js";

const address = byId("address");
address.textContent = location.origin + address.textContent;

// Where a browser gives no clipboard (no HTTPS, another machine) the text is selected instead.
async function copy(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    say(t("article.copied"));
  } catch {
    getSelection().selectAllChildren(node);
    say(t("article.selected"));
  }
}

for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(byId(button.dataset.copy)));

keys({
  j: () => byId("after")?.click(),
  k: () => byId("before")?.click(),
  c: () => copy(byId("cite-gbt7714")),
  o: () => document.querySelector("[data-page]").click(),
  "?": help,
});
