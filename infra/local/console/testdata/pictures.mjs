// Takes the pictures of infra/docs/desk.md.
import { input, run } from '../../browser/kit.mjs'

const { url, orders, to } = input

async function shown(page, dark, what, heading) {
  await page.goto(url)
  await page.getByRole('heading', { name: 'What waits for a person' }).waitFor()
  if (dark) {
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.locator('.pd-dark').waitFor()
  }
  if (!what) return
  await page.getByLabel('Find by order').fill(what)
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await page.getByRole('heading', { name: heading }).waitFor()
}

const picture = (name, does, more = {}) => ({ name, ...more, does: async page => { await does(page); await page.screenshot({ path: `${to}/${name}.png`, ...more.of }) } })

await run([
  picture('desk-list', page => shown(page, false)),
  picture('desk-order', page => shown(page, false, orders.rejected, 'Why it was refused'), { of: { clip: { x: 0, y: 0, width: 1280, height: 1400 }, fullPage: true } }),
  picture('desk-dark', page => shown(page, true, orders.review, 'Why it was refused')),
  picture('desk-phone', page => shown(page, false), { width: 390 }),
  picture('desk-answer', async page => {
    await shown(page, false, orders.waiting, 'Decide')
    await page.getByRole('button', { name: 'Enter an answer', exact: true }).click()
    await page.getByRole('group', { name: 'Enter an answer' }).waitFor()
  }),
  picture('desk-board', async page => {
    await shown(page, false)
    await page.getByRole('button', { name: 'Boards', exact: true }).click()
    await page.getByRole('button', { name: 'Peers', exact: true }).click()
    await page.getByRole('heading', { name: 'Peers', exact: true }).waitFor()
  }),
  picture('desk-account', async page => {
    await shown(page, false)
    await page.getByRole('button', { name: 'Accounts', exact: true }).click()
    await page.getByLabel('Show the account with the id').fill('acme')
    await page.getByRole('button', { name: 'Show the account', exact: true }).click()
    await page.getByRole('heading', { name: 'Account acme' }).waitFor()
  })
])
