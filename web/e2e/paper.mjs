// Opens printed forms in a real browser that runs no script, and prints what it finds.
//
// Reads {"chromium": path, "forms": [{"name", "url", "session"}]} from standard input; a
// session is the cookie of somebody signed in. It prints for each form {"name", "status",
// "scripts", "fetched", "sheets", "sheet", "cut", "wide", "square"}: square is a picture of
// the code square as it is printed, base64. go test ./web/e2e starts it; nothing here is
// served to anybody.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const config = JSON.parse(readFileSync(0, 'utf8'))
const browser = await chromium.launch({
  executablePath: config.chromium,
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
})
const forms = []
for (const form of config.forms) forms.push(await look(form))
await browser.close()
process.stdout.write(JSON.stringify(forms))

async function look(form) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 794, height: 1123 }, deviceScaleFactor: 2, colorScheme: 'dark' })
  await context.addCookies([{ name: 'truce_session', value: form.session, url: new URL(form.url).origin }])
  const tab = await context.newPage()
  const fetched = []
  tab.on('request', (request) => { if (request.url() !== form.url) fetched.push(request.url()) })
  const response = await tab.goto(form.url, { waitUntil: 'load' })
  const body = await response.text()
  const found = { name: form.name, status: response.status(), fetched, scripts: (body.match(/<script|\son[a-z]+=|javascript:/gi) ?? []).length }
  await tab.setViewportSize({ width: 360, height: 800 })
  found.wide = await tab.evaluate(() => document.documentElement.scrollWidth)
  await tab.setViewportSize({ width: 794, height: 1123 })
  await tab.emulateMedia({ media: 'print' })
  // What stands below the edge of the sheet is not printed.
  found.cut = await tab.evaluate(() => {
    const sheet = document.body.getBoundingClientRect()
    return [...document.querySelectorAll('body *')].filter((e) => {
      const box = e.getBoundingClientRect()
      return box.height > 0 && (box.bottom > sheet.bottom + 1 || box.right > sheet.right + 1)
    }).map((e) => e.outerHTML.slice(0, 120)).slice(0, 3)
  })
  found.square = (await tab.locator('figure svg').screenshot()).toString('base64')
  const pdf = (await tab.pdf({ preferCSSPageSize: true })).toString('latin1')
  found.sheets = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length
  found.sheet = (pdf.match(/\/MediaBox\s*\[([^\]]*)\]/) ?? ['', ''])[1]
  await context.close()
  return found
}
