/* <kb-talk page="…">: the conversations of a page, in the place the theme keeps for them.
 *
 * What it shows is what the server renders for its own pages, and every form in it works there without this file. Here the
 * forms are sent without leaving the page, the buttons at headings open a sheet, and passages are marked in the text. */

import "./words.js"
import "./attaching.js"
import * as drafts from "./drafts.js"
import * as passages from "./passages.js"
import * as sheet from "./sheet.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)
const PART = { "KB-Part": "1" } // what the server knows us by

class Talk extends HTMLElement {
  #stop = null
  #loaded = null
  #turn = 0 // a late answer must not take the place of a newer one

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.addEventListener("submit", event => this.#submit(event), { signal })
    this.addEventListener("input", event => event.target.form && drafts.keep(event.target.form), { signal })
    this.addEventListener("click", event => this.#click(event), { signal })
    this.addEventListener("change", event => this.#chosen(event.target), { signal })
    document.addEventListener("click", event => this.#asked(event), { signal })
    if (matchMedia("(pointer: fine)").matches) this.#offerOnSelecting(signal)
    this.#loaded = this.#load().then(ok => ok && this.#arrive())
  }

  disconnectedCallback() {
    this.#stop.abort()
    passages.unmark()
  }

  /* ── Showing ─────────────────────────────────────────────────────────── */

  async #load() {
    const mine = ++this.#turn
    try {
      const answer = await fetch(new URL(`talk/${this.getAttribute("page")}/part/`, root), { headers: PART, signal: this.#stop.signal })
      if (!answer.ok || answer.redirected) return this.#away(answer.status)
      const text = await answer.text()
      if (mine !== this.#turn) return true
      this.innerHTML = text
    } catch (error) {
      return error.name === "AbortError" ? false : this.#away()
    }
    for (const form of this.querySelectorAll("form[data-kb-draft]"))
      if (drafts.restore(form)) form.closest("details")?.setAttribute("open", "")
    passages.mark(this.querySelectorAll(".kb-talk"))
    this.#count()
    return true
  }

  /* Where nobody answers, the link stays; where there is no server at all, nothing does. */
  #away(status) {
    if (status === 404) this.hidden = true
    else if (!this.querySelector(".kb-notice")) {
      const said = Object.assign(document.createElement("p"), { className: "kb-notice", textContent: t("talk.away") })
      this.append(said)
    }
    return false
  }

  #count() {
    for (const ask of document.querySelectorAll(".kb-heading > .kb-ask, .kb-bar > .kb-ask")) {
      const anchor = ask.dataset.kbAsk
      const found = [...this.querySelectorAll(".kb-talk")].filter(one => !anchor || one.dataset.kbSection === anchor)
      ask.querySelector(".kb-count")?.remove()
      if (!found.length || this.contains(ask)) continue
      const count = Object.assign(document.createElement("span"), { className: "kb-count", textContent: found.length })
      count.setAttribute("aria-label", t("talk.here", { count: found.length }))
      count.setAttribute("role", "img")
      ask.append(count)
    }
  }

  #arrive() {
    const back = drafts.returned()
    if (back?.say) this.#say(back.say)
    const target = /^#(th|c)_/.test(location.hash) && document.getElementById(location.hash.slice(1))
    if (target) this.#lead(target)
  }

  #lead(target) {
    target.closest("details")?.setAttribute("open", "")
    target.tabIndex = -1
    target.focus({ preventScroll: true })
    target.scrollIntoView({ block: "nearest" })
  }

  /* ── Saying something ────────────────────────────────────────────────── */

  async #asked(event) {
    const ask = event.target.closest?.("[data-kb-ask]")
    if (!ask || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    await this.#loaded
    if (!this.querySelector("[data-kb-say]")) return location.assign(ask.href)
    const section = ask.dataset.kbAsk
    const words = passages.selected()
    this.#say(words?.section === section ? words : { section })
  }

  #say({ section = "", exact = "", prefix = "", suffix = "", before = "" }) {
    const dialog = this.querySelector("[data-kb-say]").content.firstElementChild.cloneNode(true)
    const form = dialog.querySelector("form")
    Object.entries({ section, exact, prefix, suffix, before }).forEach(([name, value]) => { form.elements[name].value = value })
    dialog.querySelector("[data-kb-about]").textContent = passages.titleOf(section)
    const quoted = dialog.querySelector("[data-kb-quoted]")
    quoted.textContent = exact
    quoted.hidden = !exact
    form.dataset.kbDraft = `say#${section}`
    drafts.restore(form)
    sheet.open(dialog, this)
    form.elements.body.focus()
  }

  #offerOnSelecting(signal) {
    const offer = Object.assign(document.createElement("div"), { className: "kb-offer" })
    const [ask, copy] = [t("talk.feedback"), t("link.copy")].map(textContent =>
      Object.assign(document.createElement("button"), { type: "button", className: "md-button", textContent }))
    offer.append(ask, copy)
    let words = null
    const look = () => {
      words = document.querySelector("dialog[open]") ? null : passages.selected()
      if (!words) return offer.remove()
      copy.dataset.kbCopyWords = words.exact
      const place = words.range.getBoundingClientRect()
      document.querySelector(".md-content__inner").append(offer)
      const around = offer.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0 }
      Object.assign(offer.style, { left: `${Math.max(0, place.left - around.left)}px`, top: `${place.bottom - around.top + 6}px` })
    }
    let waiting = 0
    document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(look, 150) }, { signal })
    offer.addEventListener("pointerdown", event => event.preventDefault()) // the words stay selected
    ask.addEventListener("click", async () => {
      await this.#loaded
      offer.remove()
      if (words && this.querySelector("[data-kb-say]")) this.#say(words)
    })
    signal.addEventListener("abort", () => offer.remove())
  }

  /* ── Doing something with what was said ──────────────────────────────── */

  async #click(event) {
    const link = event.target.closest?.("[data-kb-open]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const answer = await fetch(link.href, { headers: PART, signal: this.#stop.signal }).catch(() => null)
    if (!answer?.ok) return location.assign(link.href)
    sheet.open(sheet.around(await answer.text()), this)
  }

  async #submit(event) {
    const form = event.target, button = event.submitter
    event.preventDefault()
    if (form.dataset.kbBusy) return
    form.dataset.kbBusy = "1"
    try {
      await this.#answered(form, await this.#send(form, button))
    } catch (error) {
      if (error.name !== "AbortError") sheet.tell(form, t("talk.unsent"))
    } finally {
      delete form.dataset.kbBusy
    }
  }

  #send(form, button) {
    const fields = new URLSearchParams(new FormData(form))
    if (button?.name) fields.set(button.name, button.value)
    return fetch(button?.hasAttribute("formaction") ? button.formAction : form.action, { method: "POST", body: fields, headers: PART, signal: this.#stop.signal })
  }

  async #answered(form, answer) {
    if (answer.status === 204) return this.#done(form, answer.headers.get("KB-At"))
    if (answer.ok) return sheet.preview(form, await answer.text())
    if (answer.status === 401) return this.#signIn(form)
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {}
    if (said.version) form.elements.version.value = said.version
    sheet.tell(form, said.detail ?? t("talk.unsent"), said.current)
  }

  /* An idea goes to a team: what that takes comes when somebody has one. */
  async #chosen({ name, form }) {
    if (name === "kind") (await import("./suggesting.js")).kind(form, this.getAttribute("page"))
  }

  async #done(form, at) {
    drafts.forget(form)
    if (/\/s(uggestions)?\//.test(at)) return location.assign(at)
    form.closest("dialog")?.close()
    await this.#load()
    const target = document.getElementById(at?.split("#")[1] ?? "") ?? this.querySelector("#conversations")
    if (target) this.#lead(target)
  }

  #signIn(form) {
    drafts.keep(form)
    const say = form.closest("dialog") && Object.fromEntries(["section", "exact", "prefix", "suffix", "before"]
      .map(name => [name, form.elements[name]?.value ?? ""]))
    drafts.leave({ say }, root)
  }
}

customElements.define("kb-talk", Talk)
