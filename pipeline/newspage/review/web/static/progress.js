// Pins: the trust in a kind of question, set by a person.

import { say, t } from "./base.js";
import { save } from "./outbox.js";

for (const pin of document.querySelectorAll("select.pin")) {
  pin.addEventListener("change", async () => {
    try {
      await save("pin", { rule: pin.dataset.rule, standing: pin.value });
      say(t("page.saved"));
      location.reload();
    } catch (error) {
      say(error.message);
    }
  });
}
