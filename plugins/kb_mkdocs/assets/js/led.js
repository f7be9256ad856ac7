/* An old link whose part has gone elsewhere: the page names where, and we go there at once.
 *
 * A page that leads on as a whole has one way for whatever part it does not name; that takes the part along. Without this
 * file the ways are links to be followed. */

function go() {
  const part = decoded(location.hash.slice(1))
  const ways = [...document.querySelectorAll("a[data-kb-led]")]
  const way = ways.find(one => one.dataset.kbLed === part && part)
  const whole = ways.find(one => !one.dataset.kbLed)
  if (way) location.replace(way.href)
  else if (whole) location.replace(whole.hash ? whole.href : whole.href + location.hash)
}

function decoded(part) {
  try { return decodeURIComponent(part) } catch { return part }
}

addEventListener("hashchange", go)
if (globalThis.document$) globalThis.document$.subscribe(go)
else go()
