// Any line of the history can be taken back.

import { say } from "./base.js";
import { save } from "./outbox.js";

for (const button of document.querySelectorAll("button.back")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await save("undo", { uid: button.dataset.uid });
      location.reload();
    } catch (error) {
      button.disabled = false;
      say(error.message);
    }
  });
}
