/* <kb-helpful page="…">: "Was this helpful?", answered without leaving the page. How it was found so far is fetched when
 * somebody has read down to it. */

import "./words.js"
import * as drafts from "./drafts.js"
import { tell } from "./sheet.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)
const PART = { "KB-Part": "1" }

customElements.define("kb-helpful", class extends HTMLElement {
  #stop = null
  #seen = null
  #turn = 0 // a late answer must not take the place of a newer one, nor what somebody is writing away

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.addEventListener("submit", event => this.#submit(event), { signal })
    this.addEventListener("input", event => event.target.form && drafts.keep(event.target.form), { signal })
    this.#seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return
      this.#seen.disconnect()
      this.#show({})
    })
    this.#seen.observe(this)
    signal.addEventListener("abort", () => this.#seen.disconnect())
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  async #show(how, sent) {
    const mine = ++this.#turn
    const url = new URL(`helpful/${this.getAttribute("page")}/`, root)
    const answer = await fetch(url, { headers: PART, signal: this.#stop.signal, ...how }).catch(() => null)
    if (answer?.ok && !answer.redirected) {
      const text = await answer.text()
      if (sent) drafts.forget(sent)
      if (mine === this.#turn) this.#fill(text)
    } else if (answer?.status === 404) this.hidden = true // no server of ours
    return answer
  }

  #fill(text) {
    this.innerHTML = text
    const form = this.querySelector("[data-kb-draft]")
    if (form) drafts.restore(form, { over: true })
  }

  async #submit(event) {
    event.preventDefault()
    this.#seen.disconnect() // the answer shows as much
    const form = event.target, fields = new URLSearchParams(new FormData(form))
    if (event.submitter?.name) fields.set(event.submitter.name, event.submitter.value)
    const again = `[name="${event.submitter?.name}"][value="${event.submitter?.value}"]`
    const answer = await this.#show({ method: "POST", body: fields }, form)
    if (answer?.status === 401) return drafts.leave({}, root)
    if (!answer?.ok) return tell(form, (await answer?.json().catch(() => null))?.detail ?? t("talk.unsent"))
    ;(this.querySelector("textarea") ?? this.querySelector(again))?.focus()
  }
})
