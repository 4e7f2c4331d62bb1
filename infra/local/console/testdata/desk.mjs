// A person's work at the desk, each test a situation. The Go side looks afterwards at what the decisions have done.
import { accessible, fits, input, run, say } from '../../browser/kit.mjs'

const { url, orders } = input

async function home(page, dark = false) {
  await page.goto(url)
  await page.getByRole('heading', { name: 'What waits for a person' }).waitFor()
  if (dark) {
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.locator('.pd-dark').waitFor()
  }
}

async function find(page, what) {
  await page.getByLabel('Find an order by its id, a number or a PON').fill(what)
  await page.getByRole('button', { name: 'Find', exact: true }).click()
}

async function open(page, id) {
  await home(page)
  await find(page, id)
  await page.getByRole('heading', { name: `Order ${id}` }).waitFor()
}

// decide opens the form, fills it, presses its button and confirms.
async function decide(page, title, fill = async () => {}) {
  await page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: title, exact: true }).click()
  const form = page.getByRole('group', { name: title, exact: true })
  await form.waitFor()
  await fill(form)
  await form.getByLabel('Your initials').fill('ab')
  await form.getByRole('button', { name: title, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
}

const told = (page, what) => page.locator('[role=status]').filter({ hasText: what }).waitFor()
const works = []
const test = (name, does, more = {}) => works.push({ name, does, ...more })

for (const width of [1280, 768, 390]) {
  for (const dark of [false, true]) {
    const how = `at ${width} pixels, ${dark ? 'dark' : 'light'}`
    test(`the work list is readable ${how}`, async page => {
      await home(page, dark)
      await fits(page)
      await accessible(page)
    }, { width })
    test(`an order is readable ${how}`, async page => {
      await home(page, dark)
      await find(page, orders.rejected)
      await page.getByRole('heading', { name: 'Why it was refused' }).waitFor()
      await page.getByRole('group', { name: 'Decisions' }).waitFor()
      await fits(page)
      await accessible(page)
    }, { width })
  }
}

test('a refused order says why', async page => {
  await open(page, orders.rejected)
  const why = page.locator('section').filter({ hasText: 'Why it was refused' }).first()
  const text = await why.innerText()
  say(text.includes('NAME_MISMATCH'), `it does not name the reason: ${text}`)
})

test('an order is found by a number in any spelling, and by its PON', async page => {
  await home(page)
  await find(page, '(425) 555-0301')
  await page.getByRole('heading', { name: `Order ${orders.waiting}` }).waitFor()
  await home(page)
  await find(page, `PW-${orders.rejected}-1`)
  await page.getByRole('heading', { name: `Order ${orders.rejected}` }).waitFor()
})

test('a decision that is cancelled does nothing, and what was typed stays after a fault', async page => {
  await open(page, orders.asked)
  await page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: 'Reject', exact: true }).click()
  const form = page.getByRole('group', { name: 'Reject', exact: true })
  await form.getByLabel('Your words to the customer').fill('Please look at your bill.')
  await form.getByRole('button', { name: 'Reject', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await form.getByRole('button', { name: 'Reject', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await told(page, 'Nothing was done')
  say((await form.getByLabel('Your words to the customer').inputValue()) === 'Please look at your bill.', 'the words are gone')
  await form.getByText('Give at least one reason').first().waitFor()
  await form.getByText('Give the initials').first().waitFor()
  await accessible(page)
})

test('words that may hold a secret are asked about', async page => {
  await open(page, orders.asked)
  await decide(page, 'Reject', async form => {
    await form.getByLabel('Reason', { exact: true }).selectOption('PORT_FREEZE')
    await form.getByLabel('Your words to the customer').fill('Call 800-555-1234, ref 88123.')
  })
  await told(page, 'Nothing was done')
  const form = page.getByRole('group', { name: 'Reject', exact: true })
  await form.getByRole('button', { name: 'Send as written' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await told(page, 'Done: Reject, by AB')
  say((await page.locator('body').innerText()).includes('Call 800-555-1234, ref 88123.'), 'the words are not as written')
})

test('the resubmitted order is approved by the keyboard alone', async page => {
  await home(page)
  const press = async (name, within = page) => {
    await within.getByRole('button', { name, exact: true }).focus()
    await page.keyboard.press('Enter')
  }
  await page.getByRole('button', { name: /^Review / }).focus()
  await page.keyboard.press('Enter')
  await page.locator('[aria-current=page]').filter({ hasText: 'Review' }).waitFor()
  await press(orders.review)
  await page.getByRole('heading', { name: `Order ${orders.review} is in review` }).waitFor()
  await press('Approve', page.getByRole('group', { name: 'Decisions' }))
  const form = page.getByRole('group', { name: 'Approve', exact: true })
  await form.getByLabel('Your initials').focus()
  await page.keyboard.type('ab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).focus()
  await page.keyboard.press('Enter')
  await told(page, 'Done: Approve, by AB')
  await page.getByRole('heading', { name: `Order ${orders.review} is submitted` }).waitFor()
})

// decideStale sends a comment after somebody else has answered the customer.
async function decideStale(page) {
  await page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: 'Comment', exact: true }).click()
  const form = page.getByRole('group', { name: 'Comment', exact: true })
  await form.getByLabel('Your words, as the customer reads them').fill('Me too.')
  await form.getByLabel('Your initials').fill('cd')
  const third = await page.context().newPage()
  await open(third, orders.comment)
  await decide(third, 'Comment', f => f.getByLabel('Your words, as the customer reads them').fill('We look into it.'))
  await told(third, 'Done: Comment, by AB')
  await form.getByRole('button', { name: 'Comment', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
}

test('a stale page does nothing and says what has changed', async page => {
  await open(page, orders.comment)
  await decideStale(page)
  await told(page, 'Nothing was done')
  say((await page.locator('body').innerText()).includes('Meanwhile: We look into it.'), 'it does not say what has changed')
})

test('a date is entered that the carrier said by phone', async page => {
  await open(page, orders.waiting)
  await decide(page, 'Enter an answer', async form => {
    await form.getByLabel('What the carrier said').selectOption('date')
    await form.getByLabel('Who said it, and how').fill('Kim, by phone')
    await form.getByLabel('The agreed date').fill('2027-03-02')
  })
  await told(page, 'Done: Enter an answer, by AB')
  await page.getByRole('heading', { name: `Order ${orders.waiting} is accepted` }).waitFor()
})

test('a port is called off', async page => {
  await open(page, orders.cancel)
  await decide(page, 'Call off', form => form.getByLabel('Why, as the customer reads it').fill('The customer stays.'))
  await told(page, 'Done: Call off, by AB')
  await page.getByRole('heading', { name: `Order ${orders.cancel} is hard canceled` }).waitFor()
})

test('parked work is released', async page => {
  await home(page)
  await page.getByRole('button', { name: /^Parked / }).click()
  await page.getByLabel('Your initials, to release parked work').fill('ab')
  await page.getByRole('button', { name: 'Release', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await told(page, '1 pieces of work are tried now')
})

test('nothing was taken out of any answer', async page => {
  await open(page, orders.rejected)
  say((await page.locator('#count').innerText()) === '0', await page.locator('#removed').innerText())
})

await run(works)
