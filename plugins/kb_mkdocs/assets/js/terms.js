/* A term in a text: what its definition says, beside it for a pointer and the keyboard, in a sheet for a finger.
 *
 * The link knows what the build says; how it stands, and the text in force, is asked of the server each time, so that
 * nobody reads "Agreed" of what nobody can answer for. Without this file a term is a link. */

import "./words.js"
import * as sheet from "./sheet.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)
const PART = { "KB-Part": "1" } // what the server knows us by
const PATIENCE = 1500 // ms until the server counts as away
const PAUSE = 200 // ms a pointer rests on a term before anything comes up
const GRACE = 300 // ms for its way onto what has come up, and back
const GAP = 6 // px between the two

const tip = Object.assign(document.createElement("div"), { id: "kb-tip", className: "kb-tip" })
tip.setAttribute("role", "tooltip")

let shown = null // the term that is told of, or about to be
let waiting = 0
let pointer = "" // what was pressed last: a mouse, a finger

const rests = () => shown?.matches(":hover") || tip.matches(":hover")
const termAt = node => node.closest?.("[data-kb-term]")

/* ── What is said of a term ────────────────────────────────────────────── */

/* The server's answer, or what the build said of it. */
async function said({ kbTerm: id, kbSays: text }) {
  const part = document.createElement("div")
  try {
    const options = { headers: PART, signal: AbortSignal.timeout(PATIENCE) }
    const answer = id && await fetch(new URL(`d/${encodeURIComponent(id)}/quote/`, root), options)
    if (answer && answer.ok && !answer.redirected) {
      part.innerHTML = await answer.text()
      return part.childNodes
    }
  } catch { /* nobody answers: below */ }
  const state = Object.assign(document.createElement("span"), { className: "kb-state", textContent: t("state.unchecked") })
  state.dataset.state = "unchecked"
  const facts = Object.assign(document.createElement("p"), { className: "kb-facts kb-flat" })
  facts.append(state)
  part.append(facts, Object.assign(document.createElement("p"), { className: "kb-flat", dir: "auto", textContent: text }))
  return part.childNodes
}

/* ── Beside the term ───────────────────────────────────────────────────── */

async function show(term) {
  if (term === shown) return
  hide()
  shown = term
  const parts = await said(term.dataset)
  if (term !== shown || !term.isConnected) return
  tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: term.dataset.kbName }), ...parts)
  term.closest(".md-content__inner, body").append(tip)
  place(term.getClientRects())
  term.setAttribute("aria-describedby", tip.id)
}

/* Below the term, or above it where there is more room. */
function place(lines) {
  const first = lines[0], last = lines[lines.length - 1]
  const around = tip.offsetParent.getBoundingClientRect()
  const above = last.bottom + GAP + tip.offsetHeight > innerHeight && first.top > innerHeight - last.bottom
  const top = above ? first.top - GAP - tip.offsetHeight : last.bottom + GAP
  const left = Math.min(first.left - around.left, around.width - tip.offsetWidth)
  Object.assign(tip.style, { left: `${Math.max(0, left)}px`, top: `${top - around.top}px` })
}

function hide() {
  clearTimeout(waiting)
  shown?.removeAttribute("aria-describedby")
  shown = null
  tip.remove()
}

function soon(action, after) {
  clearTimeout(waiting)
  waiting = setTimeout(action, after)
}

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return
  const term = termAt(target)
  if (term && term !== shown) soon(() => show(term), PAUSE)
  else if (term || tip.contains(target)) clearTimeout(waiting)
  else if (!shown?.matches(":focus-visible")) soon(hide, GRACE)
})
document.addEventListener("focusin", ({ target }) => {
  const term = termAt(target)
  if (term?.matches(":focus-visible")) show(term)
  else if (!rests()) hide()
})
document.addEventListener("focusout", () => { if (!rests()) hide() })
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") hide() })
addEventListener("resize", hide)

/* ── In a sheet ────────────────────────────────────────────────────────── */

async function open(term) {
  const parts = await said(term.dataset)
  if (!term.isConnected) return
  const dialog = sheet.around("")
  const foot = Object.assign(document.createElement("div"), { className: "kb-sheet__foot" })
  foot.append(Object.assign(document.createElement("a"), { className: "md-button md-button--primary", href: term.href, textContent: t("term.open") }))
  dialog.querySelector(".kb-title").textContent = term.dataset.kbName
  dialog.querySelector(".kb-sheet__body").append(...parts)
  dialog.append(foot)
  sheet.open(dialog, term.closest(".md-content__inner, body"))
}

document.addEventListener("pointerdown", event => { pointer = event.pointerType }, true)

/* Before Material, which follows links by itself. Whoever presses Enter goes on: `detail` counts only what was pressed. */
document.addEventListener("click", event => {
  const term = termAt(event.target)
  if (!term) return
  hide()
  if (!event.detail || pointer !== "touch" || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  event.stopPropagation()
  open(term)
}, true)
