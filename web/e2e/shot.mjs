// Takes a picture of a page of the room for the docs: node shot.mjs CHROMIUM URL TOKEN-FILE
// OUT HEIGHT. scripts/picture starts it; nothing here is served to anybody.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [executablePath, url, tokenFile, out, height] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'] })
const context = await browser.newContext({ viewport: { width: 1280, height: Number(height) } })
await context.addCookies([{ name: 'truce_session', value: readFileSync(tokenFile, 'utf8').trim(), url: new URL(url).origin }])
const tab = await context.newPage()
const response = await tab.goto(url, { waitUntil: 'load' })
if (response.status() !== 200) throw new Error(`${url}: ${response.status()}`)
await tab.screenshot({ path: out })
await browser.close()
