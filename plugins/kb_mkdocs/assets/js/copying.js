/* Copying a link that lasts: what it is a link to, and the address.
 *
 * What has something to copy is a button that only this file shows, or a link that without it is simply followed. */

import "./words.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url)

const spoken = document.createElement("div") // read out by screen readers, politely
spoken.className = "kb-hidden"
spoken.setAttribute("role", "status")
document.body.append(spoken)

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-kb-copy], [data-kb-copy-words]")
  if (!button || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const { kbCopy: address, kbCopyWords: words, kbCopyFrom: box } = button.dataset, heading = button.closest("h2, h3, h4")
  if (box) copyText(button, document.getElementById(box).value)
  else if (words) copyLink(button, addressOf(words), t("link.passage", { words }))
  else copyLink(button, address, heading && wordsOf(heading))
}, true)

async function copyLink(button, path, section) {
  const url = new URL(path.replace(/^\/+/, ""), root).href
  const done = await copy(`${[nameOfPage(), section].filter(Boolean).join(": ")}\n${url}`)
  if (done) tell(button, t("link.copied"), t("link.copied.said"))
  else tell(button, t("link.not_copied"), t("link.not_copied.said", { url }))
}

async function copyText(button, text) {
  const said = await copy(text) ? t("link.copied") : t("link.not_copied")
  tell(button, said, said)
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

/* Where some of the page's words stand, as browsers find them (https://wicg.github.io/scroll-to-text-fragment/). */
function addressOf(words) {
  const page = document.querySelector("article h1 > .headerlink")?.dataset.kbCopy ?? location.pathname.slice(root.pathname.length)
  const said = words.trim().split(/\s+/)
  const ends = said.length > 12 ? [said.slice(0, 5), said.slice(-5)] : [said]
  const safe = ends.map(some => encodeURIComponent(some.join(" ")).replaceAll("-", "%2D"))
  return `${page}#:~:text=${safe.join(",")}`
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

const show = () => document.querySelectorAll("[data-kb-copy][hidden]").forEach(button => { button.hidden = false })
if (globalThis.document$) globalThis.document$.subscribe(show)
else show()
