/* The words of the interface in the browser: `t("search.places", { count: 3 })` and `t.each("state")`, as on the server.
 *
 * The build puts the texts that our modules name where the braces stand. A module gets them by `import "./words.js"`, a
 * worker by `importScripts`; so this file is a script of either kind, and hands itself over as `kbWords`. */
{
  const texts = {}
  const numbers = new Intl.NumberFormat("en")
  const said = value => typeof value === "number" ? numbers.format(value) : String(value)

  const t = (key, values = {}) => {
    const text = texts[key]
    const form = typeof text === "string" ? text : text[values.count === 1 ? 0 : 1]
    return form.replace(/\{(\w+)\}/g, (_, name) => said(values[name]))
  }
  t.each = family => Object.fromEntries(Object.keys(texts).filter(key => key.startsWith(`${family}.`))
    .map(key => [key.slice(family.length + 1), t(key)]))

  globalThis.kbWords = t
}
