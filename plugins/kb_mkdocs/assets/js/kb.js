/* The browser side of every page, loaded once.
 *
 * With Material's instant navigation the document stays and its content is swapped, so nothing here holds on to an
 * element: it listens at the document, asks for elements when they are needed, and leaves what belongs to one place to a
 * custom element, whose callbacks run by themselves. Without this file everything still reads, and every form works. */

import "./words.js"
import "./helpful.js"
import "./talk.js"
import "./account.js"
import "./waiting.js"
import "./led.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url) // the site's root, whatever its base path

/* ── Searching ─────────────────────────────────────────────────────────── */

const dialog = () => document.querySelector("[data-md-component=search]")
const field = () => document.querySelector("[data-md-component=search-query]")
const resultsOf = query => new URL(`search/?query=${encodeURIComponent(query)}`, root)

/* Material listens for keys in the bubbling phase and ignores those with Ctrl or Cmd: these come before it. */
document.addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !field()) return
  if (event.key.toLowerCase() === "k") {
    event.preventDefault()
    field().focus()
    field().select()
  } else if (event.key === "Enter" && document.activeElement === field() && field().value.trim()) {
    event.preventDefault()
    location.assign(resultsOf(field().value.trim()))
  }
}, true)

/* Material counts the groups it draws; our worker knows how many results there are. */
function sayTheCount(said) {
  const words = dialog().querySelector("[data-kb-count]")?.dataset.kbCount
  if (words && said.textContent !== words) said.textContent = words
}

/* On the results page as it is without a server: the dialog opens with the words of the address. */
customElements.define("kb-search-here", class extends HTMLElement {
  connectedCallback() {
    const query = new URLSearchParams(location.search).get("query")
    if (query === null || !field()) return
    // After an instant navigation Material closes its dialog once more, 125 ms later.
    setTimeout(() => {
      field().value = query
      field().focus()
      field().dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
    }, 200)
  }
})

/* ── Following links ───────────────────────────────────────────────────── */

/* Material's instant navigation compares paths only: a link that changes just the query would do nothing. */
document.addEventListener("click", event => {
  const link = event.target.closest?.("a[href]")
  if (!link || link.target || link.origin !== location.origin) return
  if (/[?&]h=$/.test(link.search)) link.search = link.search.slice(0, -3) // nothing to highlight, says Material's dialog
  if (link.pathname === location.pathname && link.search !== location.search) link.target = "_self"
}, true)

/* What a link leads to may stand in a fold, or be a fold's own heading. */
function unfold() {
  const target = location.hash && document.getElementById(named(location.hash.slice(1)))
  if (!target) return
  let opened = false
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    opened ||= !fold.open
    fold.open = true
  }
  if (opened) target.scrollIntoView()
}

function named(fragment) {
  try { return decodeURIComponent(fragment) } catch { return fragment } // a stray % is a name like any other
}

/* ── What stock Material leaves without a name ─────────────────────────── */

/* The dialog, whose results also change without a word. It stays through instant navigations: once is enough. */
function nameTheDialog() {
  const box = dialog()
  if (!box) return
  if (!box.hasAttribute("aria-label")) box.setAttribute("aria-label", field()?.getAttribute("aria-label") || t("search.button"))
  const said = box.querySelector(".md-search-result__meta")
  said?.setAttribute("role", "status")
  if (said) new MutationObserver(() => sayTheCount(said)).observe(said, { childList: true })
}

/* A section with a page of its own names its list by a label that holds only an arrow. */
function nameTheLists() {
  for (const list of document.querySelectorAll("nav.md-nav[aria-labelledby]")) {
    const label = document.getElementById(list.getAttribute("aria-labelledby"))
    const name = label?.textContent.trim() ? "" : label?.closest(".md-nav__container")?.textContent.trim()
    if (name) {
      list.removeAttribute("aria-labelledby")
      list.setAttribute("aria-label", name)
    }
  }
  document.querySelector(".md-path")?.setAttribute("aria-label", t("part.path")) // has the main navigation's name
  document.querySelector("nav.md-tags")?.setAttribute("aria-label", t("part.tags"))
  for (const tools of document.querySelectorAll(".md-code__nav")) tools.setAttribute("role", "none") // no landmark
  for (const box of document.querySelectorAll(".task-list-control > input:not([aria-label])"))
    box.setAttribute("aria-label", box.checked ? t("task.done") : t("task.open"))
}

/* ── Reaching by keyboard what scrolls sideways ────────────────────────── */

function reach() {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code"))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
    else box.removeAttribute("tabindex")
}

/* ── Copying a link that lasts ─────────────────────────────────────────── */

const spoken = document.createElement("div") // read out by screen readers, politely
spoken.className = "kb-hidden"
spoken.setAttribute("role", "status")
document.body.append(spoken)

/* What has something to copy is a button, or a link that without this file is simply followed. */
document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-kb-copy]")
  if (!button || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  copyLink(button, button.dataset.kbCopy, button.closest("h2, h3, h4"))
}, true)

async function copyLink(button, path, section) {
  const url = new URL(path.replace(/^\/+/, ""), root).href
  const done = await copy(`${[nameOfPage(), section && wordsOf(section)].filter(Boolean).join(": ")}\n${url}`)
  if (done) tell(button, t("link.copied"), t("link.copied.said"))
  else tell(button, t("link.not_copied"), t("link.not_copied.said", { url }))
}

/* The page's title; of a definition also how the teams stand to it. */
function nameOfPage() {
  const heading = document.querySelector("article h1")
  const state = document.querySelector("article .kb-facts > .kb-state")?.textContent.trim()
  return ((heading && wordsOf(heading)) || document.title) + (state ? ` (${state})` : "")
}

function wordsOf(heading) {
  const copy = heading.cloneNode(true)
  copy.querySelectorAll(".headerlink").forEach(link => link.remove())
  return copy.textContent.trim()
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyTheOldWay(text) // outside https browsers have no clipboard to write to
  }
}

function copyTheOldWay(text) {
  const box = Object.assign(document.createElement("textarea"), { value: text, className: "kb-hidden" })
  const before = document.activeElement
  document.body.append(box)
  box.select()
  const done = document.execCommand("copy")
  box.remove()
  before?.focus()
  return done
}

/* The button answers where the eye is, and then is itself again. */
function tell(button, shown, said) {
  spoken.textContent = said
  button.dataset.kbTold = shown // beside an icon that has no words
  const label = button.lastChild.nodeType === Node.TEXT_NODE ? button.lastChild : null
  button.kbLabel ??= label?.textContent
  if (label) label.textContent = ` ${shown}`
  clearTimeout(button.kbTimer)
  button.kbTimer = setTimeout(() => {
    if (label) label.textContent = button.kbLabel
    delete button.dataset.kbTold
    spoken.textContent = ""
  }, 2500)
}

/* ── Each page, at its first load and after each instant navigation ────── */

nameTheDialog()
addEventListener("hashchange", unfold)
addEventListener("resize", reach)
const arrived = () => {
  document.querySelectorAll("[data-kb-copy][hidden]").forEach(button => { button.hidden = false })
  nameTheLists()
  unfold()
  reach()
}
if (globalThis.document$) globalThis.document$.subscribe(arrived)
else arrived()
