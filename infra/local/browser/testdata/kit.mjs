// Pages that are wrong, which the kit must notice.
import { accessible, fits, input, run } from '../kit.mjs'

await run([
  { name: 'a good page', width: 390, does: async page => { await page.goto(input.good); await fits(page); await accessible(page) } },
  { name: 'a field without a label', does: async page => { await page.goto(input.unlabelled); await accessible(page) } },
  { name: 'a page that is too wide', width: 390, does: async page => { await page.goto(input.wide); await fits(page) } },
  { name: 'a script that fails', does: async page => { await page.goto(input.failing) } },
  { name: 'a page that fetches from elsewhere', does: async page => { await page.goto(input.fetching) } }
])
