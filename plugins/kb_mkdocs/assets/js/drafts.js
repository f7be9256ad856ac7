/* What somebody types is kept in this browser until it is sent: a closed sheet, a lost connection, a session that has
 * ended, none of them costs a word. Each person and each tab finds their own. */

const RETURN = "kb-return" // what was being written before signing in

/* A browser may refuse to keep anything. */
function kept(doing) {
  try { return doing() } catch { return null }
}

const each = doing => ["sessionStorage", "localStorage"].map(name => kept(() => doing(globalThis[name])))

const key = (form, who = form.dataset.kbWho) => `kb-draft:${location.pathname}:${form.dataset.kbDraft}:${who}`

const box = form => form.querySelector("textarea")

/* What is said with it, where one of several is chosen: words for a no are none for a yes. */
const act = form => form.elements.act instanceof RadioNodeList ? form.elements.act : {}

/* The team it goes to, where one is asked for. */
const team = form => form.elements.to_team

function choose(form, to) {
  if (!to || ![...team(form)?.options ?? []].some(option => option.value === to)) return
  team(form).value = to
  team(form).dispatchEvent(new Event("change", { bubbles: true }))
}

export function keep(form) {
  if (form.dataset.kbDraft === undefined) return
  const text = box(form).value
  if (!text.trim()) return forget(form)
  each(store => store.setItem(key(form), JSON.stringify([text, act(form).value, team(form)?.value])))
}

/* Put back what was typed; `over` what the server has, where that may be older. */
export function restore(form, { over = false } = {}) {
  const found = [key(form), key(form, "")].flatMap(name => each(store => store.getItem(name))).find(Boolean)
  if (!found || (box(form).value && !over)) return false
  let to
  ;[box(form).value, act(form).value, to] = JSON.parse(found)
  choose(form, to)
  each(store => store.removeItem(key(form, "")))
  keep(form)
  return true
}

/* What another tab wrote stays. */
export function forget(form) {
  const [mine, last] = each(store => store.getItem(key(form)))
  each(store => (store === sessionStorage || mine === last) && store.removeItem(key(form)))
}

/* Remember what to open after signing in, and say where to go for that. */
export function leave(state, root) {
  kept(() => sessionStorage.setItem(RETURN, JSON.stringify({ ...state, at: location.pathname })))
  const here = `/${location.pathname.slice(root.pathname.length)}`
  location.assign(new URL(`sign-in/?to=${encodeURIComponent(here)}`, root))
}

export function returned() {
  const state = kept(() => JSON.parse(sessionStorage.getItem(RETURN)))
  if (state?.at !== location.pathname) return null
  kept(() => sessionStorage.removeItem(RETURN))
  return state
}
