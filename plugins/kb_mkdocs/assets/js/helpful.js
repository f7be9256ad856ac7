/* <kb-helpful page="…">: "Was this helpful?", answered without leaving the page. How it was found so far is fetched when
 * somebody has read down to it. */

import "./words.js"
import { leave } from "./drafts.js"
import { tell } from "./sheet.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)
const PART = { "KB-Part": "1" }

customElements.define("kb-helpful", class extends HTMLElement {
  #stop = null
  #turn = 0

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.addEventListener("submit", event => this.#submit(event), { signal })
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return
      seen.disconnect()
      this.#show({})
    })
    seen.observe(this)
    signal.addEventListener("abort", () => seen.disconnect())
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  async #show(how) {
    const turn = ++this.#turn // what was asked for before, and comes after, must not take away what somebody writes
    const url = new URL(`helpful/${this.getAttribute("page")}/`, root)
    const answer = await fetch(url, { headers: PART, signal: this.#stop.signal, ...how }).catch(() => null)
    if (turn !== this.#turn) return answer
    if (answer?.ok && !answer.redirected) this.innerHTML = await answer.text()
    else if (answer?.status === 404) this.hidden = true // no server of ours
    return answer
  }

  async #submit(event) {
    event.preventDefault()
    const form = event.target, fields = new URLSearchParams(new FormData(form))
    if (event.submitter?.name) fields.set(event.submitter.name, event.submitter.value)
    const again = `[name="${event.submitter?.name}"][value="${event.submitter?.value}"]`
    const answer = await this.#show({ method: "POST", body: fields })
    if (answer?.status === 401) return leave({}, root)
    if (!answer?.ok) return tell(form, t("talk.unsent"))
    ;(this.querySelector("textarea") ?? this.querySelector(again))?.focus()
  }
})
