/* <kb-onward>: what waits, one thing after the other, without loading the page again for each: a definition is agreed to,
 * refused or skipped, and the next one stands in its place. Whatever goes wrong is done by the browser itself, as without
 * this file, and so every word typed is kept. Keys work while the focus is in it and nobody writes. */

import "./words.js"
import { show } from "./waiting.js"
import { tell } from "./sheet.js"

const t = globalThis.kbWords
const KEYS = { a: "[data-kb-agree]", n: ".kb-do > summary", s: "[data-kb-skip]" }

customElements.define("kb-onward", class extends HTMLElement {
  #stop = null
  #busy = false // a second press must not answer what nobody has read

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.addEventListener("submit", event => this.#submit(event), { signal })
    this.addEventListener("click", event => this.#skip(event), { signal })
    this.addEventListener("keydown", event => this.#key(event), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  #submit(event) {
    const form = event.target
    if (!form.closest(".kb-item--definition")) return
    event.preventDefault()
    const fields = new URLSearchParams(new FormData(form, event.submitter))
    this.#go(form.action, { method: "POST", body: fields }, form, event.submitter)
  }

  #skip(event) {
    const link = event.target.closest("[data-kb-skip]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.#go(link.href, {}, link)
  }

  #key(event) {
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.target.closest("input, textarea, select")
    const does = free && KEYS[event.key] && [...this.querySelectorAll(`.kb-item--definition ${KEYS[event.key]}`)]
    if (does?.length !== 1) return // for two teams there are two answers
    event.preventDefault()
    event.stopPropagation()
    does[0].click()
    does[0].parentElement.querySelector("input:not([type=hidden])")?.focus()
  }

  async #go(url, how, from, button) {
    if (this.#busy) return
    this.#busy = true
    this.setAttribute("aria-busy", "true")
    const answer = await fetch(url, { ...how, signal: this.#stop.signal }).catch(() => null)
    const next = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("kb-onward")
    this.#busy = false
    this.removeAttribute("aria-busy")
    if (next) this.#become(next, answer.url)
    else if (!answer && how.method) tell(from, t("talk.unsent"))
    else if (how.method && !answer.ok) { this.#stop.abort(); from.requestSubmit(button) }
    else location.assign(answer?.url ?? url)
  }

  #become(next, url) {
    history.replaceState(null, "", url)
    this.replaceChildren(...next.childNodes)
    document.querySelectorAll("a[data-kb-waiting]").forEach(link => show(link, Number(next.dataset.waiting)))
    scrollTo({ top: 0, behavior: "instant" })
    const title = this.querySelector("h2, .kb-empty")
    title?.setAttribute("tabindex", "-1")
    title?.focus({ preventScroll: true })
  }
})
