/* Who is signed in, in the header. Pages are static, so the server is asked once for each page loaded whole; the header
 * stays through instant navigations. Where no server answers, or nobody can be anybody, the account goes away. */

import "./words.js"

const t = globalThis.kbWords
const root = new URL("../../", import.meta.url) // the site's root, whatever its base path
const places = () => document.querySelectorAll(".kb-account")

/* Whoever wants to know who is asking, and how much waits for them, awaits this: null where nobody can tell. */
export const me = places().length ? ask() : Promise.resolve(null)

async function ask() {
  try {
    const answer = await fetch(new URL("api/v1/me", root), { headers: { Accept: "application/json" } })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

function show(place, who) {
  const link = place.querySelector("[data-kb-me]")
  place.hidden = !who || !(who.signed_in || who.can_sign_in)
  if (who?.signed_in) {
    link.title = t("account.you", { name: who.name })
    link.querySelector("[data-kb-name]").textContent = link.title
    link.querySelector("svg")?.replaceWith(face(who))
  } else {
    link.title = t("account.sign_in")
    link.querySelector("[data-kb-name]").textContent = link.title
    link.addEventListener("click", () => { link.href = new URL(`sign-in/?to=${encodeURIComponent(here())}`, root) })
    link.target = "_self" // no instant navigation to a page that is another one each time
  }
}

const here = () => `/${location.href.slice(root.href.length)}`

/* What stands behind the # of a link stays in the browser on the way to signing in: so whoever does gets back to it. */
function keepThePart() {
  const part = location.hash
  if (!part || !location.pathname.endsWith("/sign-in/")) return
  for (const field of document.querySelectorAll("form[action$='sign-in/'] > input[name=to]"))
    if (!field.value.includes("#")) field.value += part
  for (const link of document.querySelectorAll("a[href*='sign-in/out/?to=']"))
    if (!link.search.includes("%23")) link.search += encodeURIComponent(part)
}

function face(who) {
  const ring = document.createElement("span")
  ring.className = `kb-face kb-hue-${who.hue}`
  ring.setAttribute("aria-hidden", "true")
  ring.textContent = [...who.name].slice(0, 2).join("").toUpperCase()
  return ring
}

me.then(who => places().forEach(place => show(place, who)))
keepThePart()
