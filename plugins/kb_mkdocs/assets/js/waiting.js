/* What waits for whoever reads, in the header: a link to the list, with the number of things in it. Zero shows nothing. */

import "./words.js"
import { me } from "./account.js"

const t = globalThis.kbWords
const MOST = 99

export function show(link, count) {
  link.hidden = false
  link.title = count ? t("waiting.count", { count }) : t("waiting.title")
  link.querySelector("[data-kb-name]").textContent = link.title
  const number = link.querySelector(".kb-count")
  number.hidden = !count
  number.textContent = count > MOST ? `${MOST}+` : count
}

me.then(who => {
  if (who?.signed_in) document.querySelectorAll("a[data-kb-waiting]").forEach(link => show(link, who.waiting))
})
