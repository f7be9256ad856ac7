/* <kb-due>: a moment that is still to come, by the clock of whoever reads. What stands there without this file is by the
 * clock of the team that has to answer. */

import "./words.js"

const t = globalThis.kbWords
const DAY = 86_400_000 // ms

export function said(moment) {
  const language = document.documentElement.lang || "en"
  const as = options => new Intl.DateTimeFormat(language, { hourCycle: "h23", ...options }).format(moment)
  const time = as({ hour: "2-digit", minute: "2-digit" })
  const midnight = new Date().setHours(0, 0, 0, 0)
  if (moment >= midnight && moment < midnight + DAY) return t("talk.today", { time })
  if (moment >= midnight && moment < midnight + 6 * DAY) return `${as({ weekday: "short" })} ${time}`
  return `${as({ day: "numeric", month: "short" })} ${time}`
}

customElements.define("kb-due", class extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time[datetime]:not([datetime=''])")
    if (time) time.textContent = said(new Date(time.dateTime))
  }
})

/* Forms of suggestions do more with files of their own; only pages that have some load them. */
const arrived = () => {
  if (document.querySelector("kb-keep")) import("./suggesting.js")
  if (document.querySelector("kb-edit")) import("./editing.js")
}
if (globalThis.document$) globalThis.document$.subscribe(arrived)
else arrived()
