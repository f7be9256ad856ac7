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
import "./onward.js"
import "./copying.js"
import "./led.js"
import "./moments.js"
import "./terms.js"

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

/* ── Forms that do more with a file of their own ───────────────────────── */

function equip() {
  if (document.querySelector("kb-keep")) import("./suggesting.js")
  if (document.querySelector("kb-edit")) import("./editing.js")
}

/* ── Each page, at its first load and after each instant navigation ────── */

nameTheDialog()
addEventListener("hashchange", unfold)
addEventListener("resize", reach)
const arrived = () => {
  nameTheLists()
  unfold()
  reach()
  equip()
}
if (globalThis.document$) globalThis.document$.subscribe(arrived)
else arrived()
