/* Asking and answering, made smoother: what is typed is kept, forms are sent without leaving the page when something is in
 * the way, and similar suggestions appear while somebody types. Loaded where there is a form of the kind, or once somebody
 * has called what they say on a page an idea. */

import "./words.js"
import * as drafts from "./drafts.js"
import * as sheet from "./sheet.js"
import { coming } from "./moments.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)
const PART = { "KB-Part": "1" }
const BREATH = 300 // ms to wait for the next key stroke
const LEAST = 8 // letters that say something

/* <kb-keep>: a form that keeps what is typed until it has been sent. */
customElements.define("kb-keep", class extends HTMLElement {
  #stop = null

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop, form = this.querySelector("form")
    if (drafts.restore(form)) form.closest("details")?.setAttribute("open", "")
    this.addEventListener("input", event => ["body", "act"].includes(event.target.name) && drafts.keep(form), { signal })
    this.addEventListener("submit", event => this.#submit(event), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  async #submit(event) {
    const form = event.target, button = event.submitter
    event.preventDefault()
    if (form.dataset.kbBusy) return
    form.dataset.kbBusy = "1"
    const answer = await send(form, button, this.#stop.signal).catch(() => null)
    delete form.dataset.kbBusy
    if (answer?.status === 204) {
      drafts.forget(form)
      go(answer.headers.get("KB-At"))
    } else if (answer?.ok) sheet.preview(form, await answer.text())
    else if (answer?.status === 401) {
      drafts.keep(form)
      drafts.leave({}, root)
    } else await tell(form, answer)
  }
})

function send(form, button, signal) {
  const fields = new URLSearchParams(new FormData(form))
  if (button?.name) fields.set(button.name, button.value)
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action
  return fetch(action, { method: "POST", body: fields, headers: PART, signal })
}

/* The same page once more is loaded anew, whatever stands behind the #. */
function go(at) {
  const there = new URL(at, location.href)
  const here = there.pathname + there.search === location.pathname + location.search
  location.assign(there)
  if (here) location.reload()
}

async function tell(form, answer) {
  const json = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : {}
  form.querySelectorAll("[aria-invalid]").forEach(field => field.removeAttribute("aria-invalid"))
  if (json.version) form.elements.version.value = json.version
  sheet.tell(form, json.detail ?? t("talk.unsent"), json.current)
  const field = json.field && form.elements[json.field]
  if (field?.focus) {
    field.setAttribute("aria-invalid", "true")
    field.focus()
  }
}

/* <kb-suggest>: to whom it goes and when they answer, and what was asked before. Without a team nothing is known. */
customElements.define("kb-suggest", class extends HTMLElement {
  #stop = null
  #waiting = 0
  #asked = ""

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop, form = this.closest("form")
    form.addEventListener("input", event => {
      if (event.target.name === "body") this.#soon()
    }, { signal })
    this.addEventListener("change", () => this.#chosen(), { signal })
    this.#soon()
    this.#chosen()
  }

  disconnectedCallback() {
    clearTimeout(this.#waiting)
    this.#stop.abort()
  }

  #soon() {
    clearTimeout(this.#waiting)
    this.#waiting = setTimeout(() => this.#look(), BREATH)
  }

  async #look() {
    const form = this.closest("form"), place = this.querySelector("[data-kb-similar]")
    const typed = form.elements.body.value.trim(), to = form.elements.to_team.value
    const query = new URLSearchParams({ q: typed.slice(0, 500), to })
    if (typed.length < LEAST) place.replaceChildren()
    else if (this.#asked !== `${query}`) {
      this.#asked = `${query}`
      const url = new URL(`suggestions/similar/?${query}`, root)
      const answer = await fetch(url, { headers: PART, signal: this.#stop.signal }).catch(() => null)
      const text = answer?.ok && !answer.redirected ? await answer.text() : ""
      if (this.#asked === `${query}`) place.innerHTML = text.trim()
    }
  }

  #chosen() {
    const form = this.closest("form"), chosen = form.elements.to_team.selectedOptions[0]
    const known = form.querySelector("[data-kb-answer]"), { due, hue } = chosen.dataset
    if (known) {
      known.hidden = !due
      if (due) known.querySelector("time").textContent = coming(new Date(due))
    }
    const way = this.querySelector("[data-kb-way]")
    if (way) {
      const from = form.elements.from_team.selectedOptions[0]
      const chip = (words, hue) => Object.assign(document.createElement("span"), { className: `kb-team kb-hue-${hue || "slate"}`, textContent: words })
      way.replaceChildren(...from?.value ? [chip(from.text, from.dataset.hue)] : [], ...from?.value && chosen.value ? ["→"] : [], ...chosen.value ? [chip(chosen.text, hue)] : [])
    }
    this.#soon()
  }
})

/* In the sheet in which people say something about a page: an idea goes to a team, so it is asked to which. */
export async function kind(form, page) {
  const here = form.querySelector("kb-suggest"), button = form.querySelector(".md-button--primary")
  const isIdea = form.elements.kind.value === "idea"
  form.kbAction ??= form.action
  form.kbSend ??= button.textContent
  form.action = isIdea && here ? new URL("suggestions/", root) : form.kbAction
  if (!isIdea) {
    here?.remove()
    button.textContent = form.kbSend
  } else if (!here) {
    const query = new URLSearchParams({ page, section: form.elements.section.value })
    const answer = await fetch(new URL(`suggestions/new/part/?${query}`, root), { headers: PART }).catch(() => null)
    if (!answer?.ok || answer.redirected || form.elements.kind.value !== "idea" || form.querySelector("kb-suggest")) return
    form.querySelector(".kb-kinds").insertAdjacentHTML("afterend", await answer.text())
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "page", value: page }))
    form.action = new URL("suggestions/", root)
    button.textContent = form.querySelector("[data-kb-send]").content.textContent
  }
}
