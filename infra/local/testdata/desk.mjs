// The desk of the deployed stack, as a new user meets it.
import { input, run, say } from '../browser/kit.mjs'

const { url, order, number } = input

await run([
  {
    name: 'the resubmitted order is found by its number and approved',
    does: async page => {
      await page.goto(url)
      await page.getByRole('heading', { name: 'What waits for a person' }).waitFor()
      await page.getByLabel('Find by order').fill(number)
      await page.getByRole('button', { name: 'Find', exact: true }).click()
      await page.getByRole('heading', { name: `Order ${order} is in review` }).waitFor()
      await page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: 'Approve', exact: true }).click()
      const form = page.getByRole('group', { name: 'Approve', exact: true })
      await form.getByLabel('Your initials').fill('ab')
      await form.getByRole('button', { name: 'Approve', exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
      await page.locator('[role=status]').filter({ hasText: 'Done: Approve, by AB' }).waitFor()
      say((await page.locator('#count').innerText()) === '0', await page.locator('#removed').innerText())
    }
  },
  {
    name: 'the schedules run as of the next business day',
    does: async page => {
      await page.goto(url)
      await page.getByRole('button', { name: 'Next business day' }).click()
      await page.locator('#clock').filter({ hasText: 'It is' }).waitFor()
    }
  }
])
