// Takes the pictures of infra/docs/page.md.
import { input, run } from '../../../infra/local/browser/kit.mjs'

const { url, screens, to } = input

const picture = (name, of, { width = 360, dark = false, lang = 'en', height = 1100 } = {}) => ({
  name, width, dark,
  does: async page => {
    const screen = screens.find(s => s.name === of)
    if (screen.cookie) await page.context().addCookies([{ name: screen.cookie, value: screen.value, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }])
    await page.goto(`${url}${screen.path}?lang=${lang}`)
    const high = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.screenshot({ path: `${to}/${name}.png`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(high, height) } })
  }
})

await run([
  picture('page-pending', 'pending'),
  picture('page-letter-spanish', 'letter', { lang: 'es' }),
  picture('page-correct-dark', 'correct', { dark: true }),
  picture('page-rejected', 'rejected', { width: 600 }),
  picture('page-date-dark', 'another date', { width: 600, dark: true }),
  picture('page-accepted', 'accepted', { width: 600 }),
  picture('page-cancel-french', 'cancel', { lang: 'fr' }),
  picture('page-completed-dark', 'completed', { width: 600, dark: true })
])
