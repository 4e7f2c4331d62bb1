// Every screen of the page, as it is served by a test of internal/page.
import { fits, input, run, say, wcag } from '../../../infra/local/browser/kit.mjs'

const { url, screens, walk } = input

async function open(page, screen, query = '') {
  if (screen.cookie) await page.context().addCookies([{ name: screen.cookie, value: screen.value, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }])
  const answer = await page.goto(url + screen.path + query)
  say(answer.status() < 500, `${screen.name} answers ${answer.status()}`)
  say(!screen.cookie || !page.url().includes('/code'), `${screen.name} asks for the code again`)
}

async function looks(page, screen, judges) {
  try {
    await fits(page)
    if (judges) await wcag(page)
  } catch (found) { throw new Error(`${screen.name}: ${found.message}`) }
}

const each = (name, more, query, { of = () => true, sends = false, judges = true } = {}) => ({
  name, ...more,
  does: async page => {
    for (const screen of screens.filter(of)) {
      await open(page, screen, query)
      await looks(page, screen, judges)
      if (sends && screen.form) {
        await page.getByRole('button', { name: screen.form }).click()
        await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
        await looks(page, { name: `${screen.name}, sent empty` }, judges)
      }
    }
  }
})

const few = screen => ['rejected', 'letter', 'correct', 'another date', 'completed'].includes(screen.name)

// reach presses Tab until the element with the text or label has the focus.
async function reach(page, text) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const has = await page.evaluate(() => {
      const e = document.activeElement
      return `${e.textContent} ${e.labels ? [...e.labels].map(l => l.textContent).join(' ') : ''}`
    })
    if (has.includes(text)) return
  }
  throw new Error(`no ${text} is reached by the keyboard`)
}

await run([
  each('every screen in English at 360 pixels', { width: 360 }, '?lang=en', { sends: true }),
  each('every screen in Spanish at 360 pixels', { width: 360 }, '?lang=es', { judges: false }),
  each('every screen in French at 360 pixels, dark', { width: 360, dark: true }, '?lang=fr'),
  each('screens at 768 pixels, dark', { width: 768, dark: true }, '?lang=en', { of: few }),
  each('screens at 1280 pixels', { width: 1280 }, '?lang=es', { of: few }),
  {
    name: 'an order of a trial is signed in Spanish by the keyboard alone, without a script',
    width: 360,
    does: async page => {
      await page.goto(`${url}${walk}?lang=es`)
      await reach(page, 'Leer y firmar')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Demuestre que es usted' }).waitFor()
      await reach(page, 'Enviarme el código')
      await page.keyboard.press('Enter')
      await page.getByText('Esta solicitud es una prueba').waitFor()
      const digits = /El código es (\d{6})/.exec(await page.locator('main').innerText())[1]
      await reach(page, 'Código')
      await page.keyboard.type(digits)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Carta de autorización' }).waitFor()
      await reach(page, 'Su nombre completo')
      await page.keyboard.type('Ada Lovelace')
      await reach(page, 'Su cargo')
      await page.keyboard.type('Propietaria')
      await reach(page, 'Soy el titular de la cuenta')
      await page.keyboard.press('Space')
      await reach(page, 'He leído la información')
      await page.keyboard.press('Space')
      await reach(page, 'Firmar y enviar')
      await page.keyboard.press('Enter')
      await page.getByText('Ha firmado la carta de autorización').waitFor()
    }
  }
])
