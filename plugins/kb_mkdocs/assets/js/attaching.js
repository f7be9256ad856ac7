/* Saying which passage a conversation is about: its words are selected on a page, whichever that is, and taken by a button.
 *
 * The bar stays while somebody goes to the right page, also when that is loaded anew. Without this file the link leads to
 * a form that does the same (threads/attach.html). */

import "./words.js"
import * as passages from "./passages.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)
const KEPT = "kb-attach"
const FIELDS = ["section", "exact", "prefix", "suffix", "before"]

const page = () => document.querySelector("kb-talk[page]")?.getAttribute("page")
const button = (className, textContent) => Object.assign(document.createElement("button"), { type: "button", className, textContent })

class Attach extends HTMLElement {
  #stop = null

  connectedCallback() {
    this.#stop = new AbortController()
    this.className = "kb-attach md-typeset"
    this.setAttribute("role", "region")
    const lead = Object.assign(document.createElement("p"), { textContent: t("talk.attach.lead") })
    lead.setAttribute("role", "status")
    const here = button("md-button md-button--primary", t("talk.attach.do")), leave = button("md-button kb-quiet", t("talk.attach.cancel"))
    this.setAttribute("aria-label", t("talk.attach.title"))
    this.replaceChildren(lead, here, leave)
    const { signal } = this.#stop
    const look = () => { here.disabled = !page() || !passages.selected() }
    look()
    document.addEventListener("selectionchange", look, { signal })
    here.addEventListener("pointerdown", event => event.preventDefault()) // the words stay selected
    here.addEventListener("click", () => this.#attach(lead))
    leave.addEventListener("click", () => this.#end())
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  async #attach(lead) {
    const words = passages.selected(), id = sessionStorage.getItem(KEPT)
    if (!words || !id) return
    const body = new URLSearchParams({ page: page(), ...Object.fromEntries(FIELDS.map(name => [name, words[name]])) })
    const answer = await fetch(new URL(`t/${id}/attach/`, root), { method: "POST", body, headers: { "KB-Part": "1" } }).catch(() => null)
    if (answer?.status !== 204) {
      const said = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : {}
      lead.textContent = said.detail ?? t("talk.unsent")
      return
    }
    this.#end()
    history.replaceState(history.state, "", `#${id}`)
    location.reload()
  }

  #end() {
    sessionStorage.removeItem(KEPT)
    this.remove()
  }
}

customElements.define("kb-attach", Attach)

function offer() {
  if (!document.querySelector("kb-attach")) document.body.append(document.createElement("kb-attach"))
}

document.addEventListener("click", event => {
  const link = event.target.closest?.("a[data-kb-attach]")
  if (!link || !page() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  sessionStorage.setItem(KEPT, link.dataset.kbAttach)
  offer()
})

/* From a conversation's own page: the form there has a link to the page, which the bar comes along to. */
document.addEventListener("click", event => {
  const link = event.target.closest?.("a[data-kb-attach-on]")
  if (link) sessionStorage.setItem(KEPT, link.dataset.kbAttachOn)
})

/* From what waits for somebody: that link brings the conversation's id to the page. */
const [, asked] = /^#attach=([\w-]+)$/.exec(location.hash) ?? []
if (asked) {
  sessionStorage.setItem(KEPT, asked)
  history.replaceState(history.state, "", location.pathname + location.search)
}

if (sessionStorage.getItem(KEPT)) offer()
