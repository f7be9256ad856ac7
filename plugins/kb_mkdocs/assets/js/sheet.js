/* The sheet that comes up to say something in, or to do something with what was said. A <dialog>: the browser keeps the
 * focus in it, closes it by Escape, and leads the focus back to where it was. */

import "./words.js"

const t = globalThis.kbWords

/* Open a dialog in the place of conversations; it is gone once it is closed. */
export function open(dialog, place) {
  place.append(dialog)
  dialog.addEventListener("close", () => dialog.remove(), { once: true })
  dialog.addEventListener("click", event => {
    if (event.target === dialog || event.target.closest("[data-kb-close]")) dialog.close()
  })
  dialog.showModal()
  return dialog
}

/* A dialog around a part of a page that the server has rendered. */
export function around(html) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "kb-sheet" })
  const head = Object.assign(document.createElement("div"), { className: "kb-sheet__head" })
  const close = Object.assign(document.createElement("button"), { type: "button", className: "md-button kb-quiet", textContent: t("talk.close") })
  const body = Object.assign(document.createElement("div"), { className: "kb-sheet__body", innerHTML: html })
  const title = body.querySelector("h1")
  const heading = Object.assign(document.createElement("h2"), { className: "kb-title", id: "kb-sheet-title" })
  heading.append(...title?.childNodes ?? [])
  title?.remove()
  close.dataset.kbClose = ""
  head.append(heading, close)
  dialog.append(head, body)
  dialog.setAttribute("aria-labelledby", "kb-sheet-title")
  return dialog
}

/* What is in the way, in the form it is about; read out at once. */
export function tell(form, said, more = "") {
  const notice = form.querySelector(".kb-notice") ?? document.createElement("div")
  notice.className = "kb-notice"
  notice.setAttribute("role", "alert")
  const words = Object.assign(document.createElement("div"), { textContent: said })
  notice.replaceChildren(words)
  ;(form.querySelector(".kb-sheet__body") ?? form).prepend(notice)
  if (more) {
    const heading = Object.assign(document.createElement("p"), { className: "kb-label", textContent: t("talk.stale.now") })
    words.append(heading, Object.assign(document.createElement("div"), { className: "kb-comment__old", dir: "auto", textContent: more }))
  }
  notice.scrollIntoView({ block: "nearest" })
}

/* How a text will look. */
export function preview(form, html) {
  form.querySelector(".kb-preview")?.remove()
  const field = form.querySelector("textarea")
  field.insertAdjacentHTML("afterend", html)
  const shown = form.querySelector(".kb-preview")
  shown.setAttribute("role", "status")
  shown.scrollIntoView({ block: "nearest" })
}
