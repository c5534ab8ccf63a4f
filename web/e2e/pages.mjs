// Looks at the pages of Truce in a real browser and prints what is wrong with them.
//
// Reads {"chromium": path, "pages": [{"name", "url", "status", "session", "fits"}]} from
// standard input; a session is the cookie of somebody signed in, and on a page that fits no
// table goes on behind an edge, however narrow the window. It prints {"pages": n,
// "requests": n, "focused": n, "rules": n, "problems": [{"page", "check", "detail"}]}. go test ./web/e2e starts it; nothing here is served to anybody.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const config = JSON.parse(readFileSync(0, 'utf8'))

// Widths: the narrowest reflow that WCAG asks for, a telephone, a laptop, a wall screen.
const widths = [320, 360, 1280, 1920]
const schemes = [{ colorScheme: 'light', width: 1280 }, { colorScheme: 'dark', width: 360 }]
// How many elements the Tab key is followed through on a page, and how many stops one
// field may have: a date has year, month, day and calendar.
const tabs = 40
const stops = 4

const result = { pages: 0, requests: 0, focused: 0, rules: 0, problems: [] }
const problem = (page, check, detail) => result.problems.push({ page, check, detail })

const browser = await chromium.launch({
  executablePath: config.chromium,
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
})

// Two pages at a time: as many as the smallest machine has cores.
const queue = [...config.pages]
await Promise.all([1, 2].map(async () => {
  for (let page = queue.shift(); page; page = queue.shift()) {
    await look(page)
    await follow(page)
    await print(page)
    result.pages++
  }
}))
await browser.close()
process.stdout.write(JSON.stringify(result))

// open gives a tab that notes every request elsewhere, every refused resource and every
// message of the content policy. Colours that fade from one to the other would be measured on
// their way, so nothing moves.
async function open(page, options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  if (page.session) await context.addCookies([{ name: 'truce_session', value: page.session, url: new URL(page.url).origin }])
  const tab = await context.newPage()
  const home = new URL(page.url).origin
  tab.on('request', (request) => {
    result.requests++
    if (new URL(request.url()).origin !== home) problem(page.name, 'request elsewhere', request.url())
  })
  tab.on('response', (response) => {
    const wanted = response.request().isNavigationRequest() ? page.status : 200
    if (response.status() !== wanted) problem(page.name, 'status', `${response.url()} ${response.status()}, want ${wanted}`)
  })
  tab.on('console', (message) => {
    const expected = page.status !== 200 && message.text().includes(`status of ${page.status}`)
    if (message.type() === 'error' && !expected) problem(page.name, 'console', message.text())
  })
  await tab.goto(page.url, { waitUntil: 'load' })
  return { context, tab }
}

// look measures overflow at every width and runs the accessibility rules in both schemes,
// light on a laptop and dark on a telephone.
async function look(page) {
  const { context, tab } = await open(page, { viewport: { width: widths[0], height: 800 } })
  for (const width of widths) {
    await tab.setViewportSize({ width, height: 800 })
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth)
    if (wide > width) problem(page.name, 'overflow', `${wide} px wide in a window of ${width} px`)
    await whole(page, tab, width)
  }
  const titles = await tab.evaluate(() => document.querySelectorAll('h1').length)
  if (titles !== 1) problem(page.name, 'title', `${titles} h1, want one`)
  for (const { colorScheme, width } of schemes) {
    await tab.emulateMedia({ colorScheme })
    await tab.setViewportSize({ width, height: 800 })
    await ground(page, tab, colorScheme)
    await rules(page, tab, `${colorScheme}, ${width} px`)
  }
  await context.close()
}

// whole holds that a table whose rows become blocks on a telephone hides nothing behind an
// edge, that each block names what stands in it, and that no button cuts its words; what is
// folded is looked at unfolded.
async function whole(page, tab, width) {
  const cut = await tab.evaluate(([narrow, fits]) => {
    const folded = [...document.querySelectorAll('main details:not([open])')]
    for (const each of folded) each.open = true
    const wider = [...document.querySelectorAll(narrow ? (fits ? '.scroll, button' : '.scroll:has(> table.stack), button') : 'button')].filter((e) => e.scrollWidth > e.clientWidth + 1)
    const nameless = [...document.querySelectorAll('table.stack td:not(:first-child)')].filter((e) => !e.dataset.of)
    for (const each of folded) each.open = false
    return [...wider, ...nameless].map((e) => e.outerHTML.slice(0, 120))
  }, [width <= 640, page.fits === true])
  for (const what of cut.slice(0, 3)) problem(page.name, 'cut', `${width} px: ${what}`)
}

// ground holds that the page follows the scheme: dark text on light, or the reverse.
async function ground(page, tab, scheme) {
  const light = await tab.evaluate(() => {
    const luminance = (colour) => {
      const [r, g, b] = colour.match(/[\d.]+/g).map(Number)
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const style = getComputedStyle(document.body)
    return luminance(style.backgroundColor) - luminance(style.color)
  })
  if ((scheme === 'light') !== light > 100 || (scheme === 'dark') !== light < -100) {
    problem(page.name, 'scheme', `${scheme}: the ground is ${light.toFixed(0)} lighter than the text`)
  }
}

async function rules(page, tab, where) {
  await tab.evaluate(axeSource)
  const found = await tab.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  }))
  result.rules = Math.max(result.rules, found.passes.length + found.violations.length)
  for (const violation of found.violations) {
    if (violation.impact !== 'serious' && violation.impact !== 'critical') continue
    const nodes = violation.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join(' | ')
    problem(page.name, violation.id, `${where}: ${violation.nodes.length} times: ${nodes}`)
  }
}

// follow uses the keyboard alone: the skip link first, then everything else in sight and
// marked.
async function follow(page) {
  const { context, tab } = await open(page, { viewport: { width: 1280, height: 800 } })
  await tab.keyboard.press('Tab')
  if (page.skip) {
    const first = await focused(tab)
    if (first.href !== '#content' || !first.seen) problem(page.name, 'keyboard', `Tab leads to ${first.what} first, seen: ${first.seen}, want the skip link`)
    await tab.keyboard.press('Enter')
    const inside = await tab.evaluate(() => document.activeElement.id === 'content')
    if (!inside) problem(page.name, 'keyboard', 'the skip link does not move the focus to the content')
    await tab.reload()
    await tab.keyboard.press('Tab')
  }
  let last = ''
  let same = 0
  for (let i = 0; i < tabs; i++) {
    const now = await focused(tab)
    if (now.body) break
    result.focused++
    same = now.path === last ? same + 1 : 1
    if (same > stops) problem(page.name, 'keyboard', `the focus is caught at ${now.what}`)
    if (!now.seen) problem(page.name, 'focus out of sight', now.what)
    if (!now.marked) problem(page.name, 'focus not marked', now.what)
    last = now.path
    await tab.keyboard.press('Tab')
  }
  await context.close()
}

function focused(tab) {
  return tab.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return { body: true }
    const box = element.getBoundingClientRect()
    const drawn = element.closest('svg') ? element.querySelector('path, circle') : element
    const style = getComputedStyle(drawn)
    const path = []
    for (let at = element; at && at !== document.body; at = at.parentElement) path.push([...(at.parentElement?.children ?? [])].indexOf(at))
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1)
    const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1)
    const top = document.elementFromPoint(x, y)
    const map = element.closest('svg')
    return {
      what: element.outerHTML.slice(0, 120),
      href: element.getAttribute('href'),
      path: path.join('/'),
      seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
        && (element.contains(top) || top?.contains(element) || (map && map.contains(top))),
      marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || (map !== null && parseFloat(style.strokeWidth) >= 3),
    }
  })
}

// print looks at the page as paper shows it.
async function print(page) {
  const { context, tab } = await open(page, { viewport: { width: 690, height: 1000 }, colorScheme: 'dark' })
  await tab.emulateMedia({ media: 'print', colorScheme: 'light' })
  const paper = await tab.evaluate(() => {
    const mark = document.querySelector('[role=note]')
    return {
      mark: mark !== null && getComputedStyle(mark).position === 'fixed' && mark.getBoundingClientRect().height > 0,
      forms: [...document.querySelectorAll('form, header nav')].filter((e) => e.getBoundingClientRect().height > 0).length,
      wide: document.documentElement.scrollWidth,
    }
  })
  if (!paper.mark) problem(page.name, 'print', 'the exercise mark does not stand on every sheet')
  if (paper.forms > 0) problem(page.name, 'print', 'forms or navigation are printed')
  if (page.skip && paper.wide > 690) problem(page.name, 'print', `${paper.wide} px wide on a sheet of 690 px`)
  await context.close()
}
