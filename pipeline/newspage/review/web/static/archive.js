// A paper or an issue: the one before and after it is a key away.

import { byId } from "./base.js";
import { keys } from "./keys.js";

const year = (step) => {
  const links = [...document.querySelectorAll(".years-nav .year")];
  return links[links.findIndex((link) => link.hasAttribute("aria-current")) + step];
};

keys({
  j: () => (byId("after") ?? year(1))?.click(),
  k: () => (byId("before") ?? year(-1))?.click(),
});
