/* Passages of a page: which words are selected, and where the words somebody talks about stand.
 *
 * A section's text in the browser differs from the one the server knows in white space and a few marks, so passages are
 * compared by their letters alone, as kb_server/pages/quotes.py does. Marking one moves nothing: the browser draws it
 * (CSS.highlights), and the way to its conversation stands in the margin. */

import "./words.js"

const t = globalThis.kbWords
const SKIPPED = /[\s|~^\u00ad\u200b\u2060\ufeff]/
const NOT_TEXT = "script, style, template, kb-talk, nav, svg, .headerlink, .kb-ask, .kb-passage, .kb-facts, .kb-bar, .kb-hidden, .kb-tip"
const AROUND = 60, LEAST = 3, MOST = 1000 // letters

const article = () => document.querySelector("article.md-content__inner")
const headings = () => [...article().querySelectorAll("h1, h2[id], h3[id], h4[id], h5[id], h6[id]")].filter(one => !one.closest("kb-talk, dialog"))
const isBefore = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING

/* A heading's own words; "" is the page as a whole. */
export function titleOf(anchor) {
  const heading = anchor ? document.getElementById(anchor) : article().querySelector("h1")
  const copy = heading?.cloneNode(true)
  copy?.querySelectorAll(".headerlink, .kb-ask").forEach(one => one.remove())
  return copy?.textContent.trim() || document.title
}

/* The letters of a section, each with the node it stands in and its place there. */
function lettersOf(anchor) {
  const all = headings()
  const at = anchor ? all.findIndex(one => one.id === anchor) : all[0]?.localName === "h1" ? 0 : -1
  if (anchor && at < 0) return null
  const from = all[at], to = all[at + 1]
  const walk = document.createTreeWalker(article(), NodeFilter.SHOW_TEXT, node =>
    node.parentElement.closest(NOT_TEXT) || from?.contains(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT)
  const places = []
  let text = ""
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (to && !isBefore(node, to)) break
    if (from && !isBefore(from, node)) continue
    for (let place = 0; place < node.data.length; place++)
      if (!SKIPPED.test(node.data[place])) {
        text += node.data[place]
        places.push([node, place])
      }
  }
  return { text, places }
}

const plain = text => [...text].filter(letter => !SKIPPED.test(letter)).join("")

function alike(one, other) {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return at
}

const turned = text => [...text].reverse().join("")

/* Where a passage stands in its section, or nothing. */
function rangeOf({ text, places }, exact, prefix, suffix) {
  const wanted = plain(exact), left = turned(plain(prefix)), right = plain(suffix)
  let best = -1, most = -1
  for (let at = text.indexOf(wanted); wanted && at >= 0; at = text.indexOf(wanted, at + 1)) {
    const around = alike(left, turned(text.slice(Math.max(0, at - left.length), at))) + alike(right, text.slice(at + wanted.length))
    if (around > most) [best, most] = [at, around]
  }
  if (best < 0) return null
  const [first, start] = places[best], [last, end] = places[best + wanted.length - 1]
  const range = new Range()
  range.setStart(first, start)
  range.setEnd(last, end + 1)
  return range
}

/* The words selected on the page, with their section; nothing where that is no passage of it. */
export function selected() {
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed || !article()) return null
  const range = selection.getRangeAt(0)
  const start = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer : range.startContainer.childNodes[range.startOffset] ?? range.startContainer
  if (!article().contains(range.commonAncestorContainer) || (start.parentElement ?? article()).closest(NOT_TEXT)) return null
  const section = headings().filter(one => isBefore(one, start) && !one.contains(start)).at(-1)
  const anchor = section && section.localName !== "h1" ? section.id : ""
  const letters = lettersOf(anchor)
  const inside = letters.places.map(([node, place]) => range.comparePoint(node, place) === 0 && range.comparePoint(node, place + 1) === 0)
  const from = inside.indexOf(true), to = inside.lastIndexOf(true) + 1
  if (from < 0 || to - from < LEAST || to - from > MOST) return null
  const words = new Range()
  words.setStart(...letters.places[from])
  words.setEnd(letters.places[to - 1][0], letters.places[to - 1][1] + 1)
  return {
    section: anchor,
    exact: words.toString().trim(),
    prefix: letters.text.slice(Math.max(0, from - AROUND), from),
    suffix: letters.text.slice(to, to + AROUND),
    before: from,
    range: words,
  }
}

/* Mark the passages that these conversations are about. */
export function mark(conversations) {
  unmark()
  const sections = new Map(), marked = new Map()
  for (const one of conversations) {
    const { kbSection: anchor, kbExact: exact, kbPrefix: prefix, kbSuffix: suffix } = one.dataset
    if (!exact) continue
    if (!sections.has(anchor)) sections.set(anchor, lettersOf(anchor))
    const key = JSON.stringify([anchor, exact, prefix])
    const known = marked.get(key)
    if (known) known.ids.push(one.id)
    else {
      const range = sections.get(anchor) && rangeOf(sections.get(anchor), exact, prefix, suffix)
      if (range) marked.set(key, { range, ids: [one.id] })
    }
  }
  const ranges = [...marked.values()]
  if (ranges.length) CSS.highlights?.set("kb-passage", new Highlight(...ranges.map(({ range }) => range)))
  for (const { range, ids } of ranges) range.endContainer.parentNode.insertBefore(way(ids), after(range))
}

/* What stands behind the end of a passage. Cutting the text there moves nothing. */
function after({ endContainer: node, endOffset: place }) {
  return place < node.length ? node.splitText(place) : node.nextSibling
}

function way(ids) {
  const link = Object.assign(document.createElement("a"), { className: "kb-passage", href: `#${ids[0]}`, textContent: ids.length })
  link.setAttribute("aria-label", t("talk.passage", { count: ids.length }))
  return link
}

export function unmark() {
  CSS.highlights?.delete("kb-passage")
  for (const one of document.querySelectorAll("a.kb-passage")) {
    const around = one.parentNode
    one.remove()
    around.normalize()
  }
}
