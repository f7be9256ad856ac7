/* The search dialog's worker: Material's protocol on one side, the wiki's server on the other.
 *
 * Material posts its index once (SETUP) and then each query as it is typed. The queries go to the server, which knows
 * everything and is quicker than an index in the browser. When it does not answer, Material's own worker is started
 * inside this one and given the full index, which the build keeps aside; that is what a static host always uses. */

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3
const BREATH = 100 // ms to wait for the next key stroke
const PATIENCE = 2500 // ms until the server counts as away
const PAUSE = 30_000 // ms until it is asked again
const GROUPS = 8 // Material draws ten results at once: the definition, these, and the way to all results
const SHOWN = 2 // sections of a page before the rest is folded

importScripts("words.js")
const t = self.kbWords
const states = t.each("state")

const root = new URL("../../", self.location) // the site's root, whatever its base path
const builtin = new URL(self.location).searchParams.get("builtin")

let options = {} // what the page asked of Material's worker
let turn = 0 // counts queries, so that a late answer is known as late
let asking = null // the request under way
let awayUntil = 0
let local = null // Material's own worker, once it is needed

self.onmessage = async ({ data: message }) => {
  if (message.type === SETUP) {
    options = message.data.options
    self.postMessage({ type: READY })
  } else if (message.type === QUERY) {
    const mine = ++turn
    const data = await answer(message.data, mine)
    if (mine === turn) self.postMessage({ type: RESULT, data })
  }
}

async function answer(query, mine) {
  asking?.abort()
  if (!query.trim()) return { items: [] }
  await new Promise(resolve => setTimeout(resolve, BREATH))
  if (mine !== turn) return { items: [] }
  if (Date.now() >= awayUntil) {
    try {
      return items(await ask(query), query)
    } catch {
      if (mine !== turn) return { items: [] } // the next key stroke ended it: nobody waits for this
      awayUntil = Date.now() + PAUSE
    }
  }
  try {
    return await (await fallback())(query)
  } catch {
    return { items: [] }
  }
}

/* ── The server ────────────────────────────────────────────────────────── */

async function ask(query) {
  const request = asking = new AbortController()
  const clock = setTimeout(() => request.abort(), PATIENCE)
  try {
    const url = new URL("api/v1/search?limit=10&typing=1&marks=1", root)
    url.searchParams.set("query", query)
    const response = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" } })
    if (!response.ok) throw new Error(response.status)
    return await response.json()
  } finally {
    clearTimeout(clock)
  }
}

/* ── What Material draws ───────────────────────────────────────────────── */

/* Material writes titles and texts as HTML, so everything is escaped here, and only our own tags are added after it. */
const plain = text => String(text ?? "").replace(/[\u0002\u0003]/g, "")
const escaped = text => plain(text).replace(/[&<>"'`]/g, sign => `&#${sign.charCodeAt(0)};`)
const marked = text => String(text ?? "").split(/[\u0002\u0003]/)
  .map((part, at) => at % 2 ? `<mark data-md-highlight>${escaped(part)}</mark>` : escaped(part)).join("")

/* The address, relative to the site's root; none when it leads out of it. */
function inside(url) {
  const whole = new URL(url, root).href
  return whole.startsWith(root.href) ? whole.slice(root.href.length) : null
}

/* The words for Material to highlight on the page it opens: those found, else those asked for. */
function words(query, ...texts) {
  const found = texts.flatMap(text => [...String(text ?? "").matchAll(/\u0002([^\u0003]*)\u0003/g)].map(([, word]) => word))
  return Object.fromEntries((found.length ? found : query.split(/\s+/)).map(word => [word.toLowerCase(), true]))
}

function items({ hits = [], total = hits.length, corrected, card }, query) {
  const pages = new Map()
  if (card) pages.set(pageOf(card.url), [definition(card, query)])
  for (const hit of hits) {
    if (inside(hit.url) === null) continue
    const page = pageOf(hit.url)
    if (pages.has(page) || pages.size < GROUPS) pages.set(page, [...(pages.get(page) ?? []), entry(hit, query)])
  }
  const groups = [...pages].map(([page, entries], rank) => group(page, entries, GROUPS + 1 - rank))
  return { items: groups.length ? [...groups, everything(total, corrected, query)] : [] }
}

const pageOf = url => inside(url)?.split("#")[0]

function definition({ url, title, text, version, state = "unchecked" }, query) {
  const chip = `<span class="kb-state" data-state="${escaped(state)}">${escaped(states[state] ?? states.unchecked)}</span>`
  const force = version ? ` <span class="kb-meta">${escaped(t("definition.in_force", { version }))}</span>` : ""
  return { location: pageOf(url), title: escaped(title), text: `${chip}${force}<p>${marked(text)}</p>`, terms: words(query) }
}

function entry({ url, title, page_title: page, excerpt }, query) {
  const text = excerpt ? `<p>${marked(excerpt)}</p>` : ""
  return { location: inside(url), title: marked(title), text, terms: words(query, title, excerpt), page }
}

/* Material wants one entry for the page itself in each group, and folds what scores less than the first. */
function group(page, entries, score) {
  const isPage = one => !one.location.includes("#")
  const [own] = entries.filter(isPage)
  const sections = entries.filter(one => !isPage(one))
  const ranked = (one, at) => ({ ...one, score: at < SHOWN ? score : score - 0.5 })
  if (own && isPage(entries[0])) return [{ ...own, score }, ...sections.map(one => ({ ...one, score: score - 0.5 }))]
  const title = own?.title ?? escaped(entries[0].page ?? entries[0].title)
  // A little lower than its best section, so that Enter opens the section.
  return [...sections.map(ranked), { location: page, title, text: "", terms: sections[0].terms, score: score - 0.1 }]
}

/* The last result is the page with all of them. kb.js shows its count in place of Material's. */
function everything(total, corrected, query) {
  const said = corrected ? t("search.found.for", { count: total, query: corrected }) : t("search.found", { count: total })
  return [{
    location: `search/?query=${encodeURIComponent(query)}`,
    title: escaped(t("search.all", { query })),
    text: `<p data-kb-count="${escaped(said)}">${escaped(t("search.places.all", { count: total }))}</p>`,
    terms: {},
    score: 0,
  }]
}

/* ── Material's own worker, fed the full index ─────────────────────────── */

function fallback() {
  return local ??= start().catch(error => { local = null; throw error })
}

async function start() {
  const worker = new Worker(new URL(builtin, root))
  const index = await (await fetch(new URL("search/search_index.full.json", root))).json()
  const waiting = [] // it answers in the order it was asked
  worker.onmessage = ({ data }) => waiting.shift()?.resolve(data.data)
  worker.onerror = () => { local = null; waiting.splice(0).forEach(one => one.reject(new Error("no local search"))) }
  const post = message => new Promise((resolve, reject) => { waiting.push({ resolve, reject }); worker.postMessage(message) })
  await post({ type: SETUP, data: { ...index, options } })
  return query => post({ type: QUERY, data: query })
}
