/* What somebody types is kept in this browser until it is sent: a closed sheet, a lost connection, a session that has
 * ended, none of them costs a word. */

const RETURN = "kb-return" // what was being written when signing in came between

const key = form => `kb-draft:${location.pathname}:${form.dataset.kbDraft}`

/* A browser may refuse to keep anything. */
function kept(act) {
  try { return act() } catch { return null }
}

const box = form => form.querySelector("textarea")

export function keep(form) {
  if (form.dataset.kbDraft === undefined) return
  const text = box(form).value
  kept(() => text.trim() ? localStorage.setItem(key(form), text) : localStorage.removeItem(key(form)))
}

/* Put back what was typed; `over` what the server has, where that may be older. */
export function restore(form, { over = false } = {}) {
  const text = form.dataset.kbDraft === undefined ? null : kept(() => localStorage.getItem(key(form)))
  if (!text || (box(form).value && !over)) return false
  box(form).value = text
  return true
}

export function forget(form) {
  if (form.dataset.kbDraft !== undefined) kept(() => localStorage.removeItem(key(form)))
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
