/* Moments, by the clock of whoever reads: <kb-when> is one that was, <kb-due> one that is still to come. What stands there
 * without this file is by the world's clock, or by that of the team that has to answer, and written as here. */

import "./words.js"

const t = globalThis.kbWords
const DAY = 86_400_000 // ms

const as = (moment, options) => new Intl.DateTimeFormat(document.documentElement.lang || "en", options).format(moment)
const time = moment => as(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const daysFromToday = moment => Math.floor((moment - new Date().setHours(0, 0, 0, 0)) / DAY)
const dayOf = moment => ({ day: moment.getDate(), month: t.each("month")[moment.getMonth() + 1], year: `${moment.getFullYear()}` })

function past(moment) {
  const days = daysFromToday(moment)
  if (days === 0) return t("talk.today", { time: time(moment) })
  if (days < 0 && days >= -6) return `${as(moment, { weekday: "long" })} ${time(moment)}`
  return t("date.day", dayOf(moment))
}

export function coming(moment) {
  const days = daysFromToday(moment)
  if (days === 0) return t("talk.today", { time: time(moment) })
  if (days > 0 && days < 7)
    return t("suggestion.time.near", { day: t.each("weekday")[moment.getDay() || 7], time: time(moment) })
  return t("suggestion.time.far", { day: t("suggestion.day", dayOf(moment)), time: time(moment) })
}

for (const [name, said] of [["kb-when", past], ["kb-due", coming]])
  customElements.define(name, class extends HTMLElement {
    connectedCallback() {
      const time = this.querySelector("time[datetime]:not([datetime=''])")
      if (time) time.textContent = said(new Date(time.dateTime))
    }
  })
