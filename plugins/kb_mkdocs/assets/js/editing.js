/* <kb-edit>: the box in which the text of a page is changed. A toolbar writes the Markdown, as typing would: what it does
 * can be undone. What is typed stays in this tab until it is sent. Only the form in which texts are changed loads this. */

import "./suggesting.js" // which teams, and when they answer

const AROUND = { bold: { before: "**", after: "**" }, italic: { before: "*", after: "*" }, link: { before: "[", after: "](address)" } }
const FRONT = { list: "- ", quote: "> " }

/* ── The toolbar ───────────────────────────────────────────────────────── */

function use(tool, box) {
  box.focus()
  if (tool in AROUND) around(box, AROUND[tool])
  else lines(box, tool)
}

/* Put something around the words that are chosen, or take it away where it is there. */
function around(box, { before, after }) {
  const { selectionStart: start, selectionEnd: end, value } = box
  const words = value.slice(start, end)
  const there = value.slice(start - before.length, start) === before && value.slice(end, end + after.length) === after
  if (there && before === after) {
    write(box, start - before.length, end + after.length, words)
    return box.setSelectionRange(start - before.length, end - before.length)
  }
  write(box, start, end, before + words + after)
  const at = start + before.length
  if (words && after.endsWith(")")) box.setSelectionRange(at + words.length + 2, at + words.length + after.length - 1)
  else box.setSelectionRange(at, at + words.length)
}

/* Begin each line that is chosen with a mark, or take it away where all of them have it. */
function lines(box, tool) {
  const { value } = box
  const start = value.lastIndexOf("\n", box.selectionStart - 1) + 1
  const next = value.indexOf("\n", Math.max(start, box.selectionEnd - 1)), end = next < 0 ? value.length : next
  const mark = FRONT[tool] ?? `${"#".repeat(level(value))} `
  const chosen = value.slice(start, end).split("\n")
  const all = chosen.every(line => line.startsWith(mark))
  const written = chosen.map(line => (all ? line.slice(mark.length) : mark + line)).join("\n")
  // A list or a quote begins after an empty line, else it is part of the sentence before.
  const above = value.slice(0, start).split("\n").at(-2) ?? ""
  const gap = !all && above.trim() && !above.startsWith(mark) ? "\n" : ""
  write(box, start, end, gap + written)
  box.setSelectionRange(start + gap.length, start + gap.length + written.length)
}

/* A heading below the one the section has. */
const level = text => Math.min(6, (/^(#{1,6})/.exec(text)?.[1].length ?? 1) + 1)

/* As if it were typed, so that it can be undone. */
function write(box, start, end, text) {
  box.setSelectionRange(start, end)
  if (document.execCommand("insertText", false, text)) return
  box.setRangeText(text, start, end, "end")
  box.dispatchEvent(new InputEvent("input", { bubbles: true }))
}

/* ── What is typed stays ───────────────────────────────────────────────── */

const fieldsOf = form => [...form.querySelectorAll("textarea, input[name=title]")]

/* What the form is about: a text that reads otherwise by now is another one. */
const about = form => [...form.querySelectorAll("input[name^='was-'], input[name^='name-']")].map(one => one.value).join(" ")

function keeping(form, signal) {
  const key = `kb-editing:${location.pathname}:${about(form)}:${form.dataset.kbWho}`
  const store = doing => { try { return doing(sessionStorage) } catch { return null } }
  const keep = () => store(place => place.setItem(key, JSON.stringify(fieldsOf(form).map(one => [one.name, one.value]))))
  const kept = form.dataset.kbEditing && store(place => JSON.parse(place.getItem(key)))
  for (const [name, value] of kept || []) {
    const field = form.elements[name]
    if (field && field.value === field.defaultValue) field.value = value
  }
  form.addEventListener("input", keep, { signal })
  // Sent, or looked at first: either way what comes back holds what was typed.
  form.addEventListener("submit", event => {
    // Whoever joins another suggestion sends their reason alone: the text is there when they come back.
    if (!event.submitter?.hasAttribute("formaction")) store(place => place.removeItem(key))
  }, { signal })
}

/* ── The box: last, for one that stands in the page already begins at once ─ */

customElements.define("kb-edit", class extends HTMLElement {
  #stop = null

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop, box = this.querySelector("textarea"), form = box.form
    const tools = document.querySelector("[data-kb-tools]")
    if (tools && !this.querySelector(".kb-toolbar")) box.before(tools.content.cloneNode(true))
    this.addEventListener("click", event => {
      const tool = event.target.closest("[data-kb-tool]")?.dataset.kbTool
      if (tool) use(tool, box)
    }, { signal })
    box.addEventListener("keydown", event => {
      const tool = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && { b: "bold", i: "italic" }[event.key]
      if (!tool) return
      event.preventDefault()
      use(tool, box)
    }, { signal })
    if (form.querySelector("kb-edit") === this) keeping(form, signal)
  }

  disconnectedCallback() {
    this.#stop.abort()
  }
})
