/* Moments, by the clock of whoever reads: <kb-when> is one that was, <kb-due> one that is still to come. What stands there
 * without this file is by the world's clock, or by that of the team that has to answer. */

import "./words.js"

const t = globalThis.kbWords
const DAY = 86_400_000 // ms

const as = (moment, options) => new Intl.DateTimeFormat(document.documentElement.lang || "en", options).format(moment)
const time = moment => as(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const daysFromToday = moment => Math.floor((moment - new Date().setHours(0, 0, 0, 0)) / DAY)

function past(moment) {
  const days = daysFromToday(moment)
  if (days === 0) return t("talk.today", { time: time(moment) })
  if (days < 0 && days >= -6) return `${as(moment, { weekday: "long" })} ${time(moment)}`
  return as(moment, { day: "numeric", month: "long", year: "numeric" })
}

export function coming(moment) {
  const days = daysFromToday(moment)
  if (days === 0) return t("talk.today", { time: time(moment) })
  const day = days > 0 && days < 6 ? { weekday: "short" } : { day: "numeric", month: "short" }
  return `${as(moment, day)} ${time(moment)}`
}

for (const [name, said] of [["kb-when", past], ["kb-due", coming]])
  customElements.define(name, class extends HTMLElement {
    connectedCallback() {
      const time = this.querySelector("time[datetime]:not([datetime=''])")
      if (time) time.textContent = said(new Date(time.dateTime))
    }
  })
