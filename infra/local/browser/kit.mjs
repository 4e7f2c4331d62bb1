// What a script of browser tests uses: `run` runs its tests in Chromium and writes one line of JSON for each to the
// output, which the Go side reads. `input` is what the Go side has given. Every test has a browser context of its own.
import { createRequire } from 'node:module'
import { mkdirSync, readFileSync } from 'node:fs'

const require = createRequire(process.env.BROWSER_PACKAGES + '/')
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const input = JSON.parse(process.env.BROWSER_INPUT)

// say fails with the message unless it holds.
export function say(holds, message) {
  if (!holds) throw new Error(message)
}

// seriousFindings returns axe's findings of the impact serious or critical, each in one line with where it was found.
export async function seriousFindings(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  return violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 4).map(n => n.target.join(' ')).join(', ')}`)
}

// accessible fails where axe has a serious finding.
export async function accessible(page) {
  const found = await seriousFindings(page)
  say(found.length === 0, found.join('\n'))
}

// wcag fails where axe finds anything against WCAG 2.2, levels A and AA.
export async function wcag(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  }))
  const found = violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 4).map(n => n.target.join(' ')).join(', ')}`)
  say(found.length === 0, found.join('\n'))
}

// fits fails where the page is wider than its window, so that a reader would have to scroll to the side.
export async function fits(page) {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  say(wide <= window, `the page is ${wide} pixels wide in a window of ${window}`)
}

// run runs tests one after the other: {name, width, dark, script, does}. Each `does` gets a page of that width and color
// scheme, whose own JavaScript does not run where script is false.
// A test that fails leaves a picture of its page in BROWSER_FAILED. Requests to other machines fail the test.
export async function run(tests) {
  const only = process.env.BROWSER_ONLY ? new RegExp(process.env.BROWSER_ONLY) : null
  const browser = await chromium.launch({
    executablePath: process.env.BROWSER_CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', '--hide-scrollbars']
  })
  for (const { name, width = 1280, dark = false, script = true, does } of tests) {
    if (only && !only.test(name)) continue
    const begin = Date.now()
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled: script,
      locale: 'en-US',
      timezoneId: 'America/New_York'
    })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    const wrong = []
    page.on('pageerror', error => wrong.push(`the page's script failed: ${error.message}`))
    page.on('request', request => {
      const { protocol, hostname } = new URL(request.url())
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') wrong.push(`the page fetches ${request.url()}`)
    })
    let error = ''
    try {
      await does(page)
      say(wrong.length === 0, wrong.join('\n'))
    } catch (failure) {
      error = String(failure?.message ?? failure)
      mkdirSync(process.env.BROWSER_FAILED, { recursive: true })
      const picture = `${process.env.BROWSER_FAILED}/${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`
      await page.screenshot({ path: picture, fullPage: true }).catch(() => {})
      error += `\nthe page looked like ${picture}`
    }
    console.log(JSON.stringify({ name, error, ms: Date.now() - begin }))
    await context.close()
  }
  await browser.close()
}
