/* What somebody types is kept in this browser until it is sent: a closed sheet, a lost connection, a session that has
 * ended, none of them costs a word. */

const RETURN = "kb-return" // what was being written when signing in came between

const key = form => `kb-draft:${location.pathname}:${form.dataset.kbDraft}`

/* A browser may refuse to keep anything. */
function kept(doing) {
  try { return doing() } catch { return null }
}

const box = form => form.querySelector("textarea")

/* What is said with it, where one of several is chosen: words for a no are none for a yes. */
const act = form => form.elements.act instanceof RadioNodeList ? form.elements.act : null

export function keep(form) {
  if (form.dataset.kbDraft === undefined) return
  const text = box(form).value
  if (!text.trim()) return forget(form)
  kept(() => localStorage.setItem(key(form), text))
  if (act(form)) kept(() => localStorage.setItem(`${key(form)}:act`, act(form).value))
}

/* Put back what was typed; `over` what the server has, where that may be older. */
export function restore(form, { over = false } = {}) {
  const text = form.dataset.kbDraft === undefined ? null : kept(() => localStorage.getItem(key(form)))
  if (!text || (box(form).value && !over)) return false
  box(form).value = text
  const chosen = act(form) && kept(() => localStorage.getItem(`${key(form)}:act`))
  if (chosen) act(form).value = chosen
  return true
}

export function forget(form) {
  if (form.dataset.kbDraft === undefined) return
  for (const name of [key(form), `${key(form)}:act`]) kept(() => localStorage.removeItem(name))
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
