// A person's work at the desk, each test a situation. The Go side looks afterwards at what the decisions have done.
import { accessible, fits, input, run, say } from '../../browser/kit.mjs'

const { url, orders, customer, later } = input

async function home(page, dark = false) {
  await page.goto(url)
  await page.getByRole('heading', { name: 'What waits for a person' }).waitFor()
  if (dark) {
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.locator('.pd-dark').waitFor()
  }
}

async function find(page, what) {
  await page.getByLabel('Find by order').fill(what)
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

// tab opens a tab or a board.
async function tab(page, name) {
  const button = typeof name === 'string' ? { name, exact: true } : { name }
  await page.getByRole('navigation').getByRole('button', button).click()
}

const told = (page, what) => page.locator('[role=status]').filter({ hasText: what }).waitFor()
const works = []
const test = (name, does, more = {}) => works.push({ name, does: async page => { patient(page); await does(page) }, ...more })

// patient has every click wait until the widget's answer stands on the page, as a person does. Before that the fields are
// those of the answer before, and what is typed into them is lost.
let isPatient = false
function patient(page) {
  if (isPatient) return
  isPatient = true
  const locator = Object.getPrototypeOf(page.locator('body'))
  const click = locator.click
  locator.click = async function (...how) {
    await click.apply(this, how)
    await this.page().waitForFunction(() => !document.querySelector('.wait'))
  }
}

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
  await decide(page, 'Call off', async form => {
    await form.getByText('The account pays $5.00').waitFor()
    await form.getByLabel('Why, as the customer reads it').fill('The customer stays.')
  })
  await told(page, 'Done: Call off, by AB')
  await page.getByRole('heading', { name: `Order ${orders.cancel} is hard canceled` }).waitFor()
})

test('parked work is released', async page => {
  await home(page)
  await tab(page, /^Parked /)
  await page.getByLabel('Your initials, to release parked work').fill('ab')
  await page.getByRole('button', { name: 'Release', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await told(page, '1 pieces of work are tried now')
})

// among gives a decision that is among our staff alone.
async function among(page, title, fill = async () => {}) {
  await page.getByRole('group', { name: 'Among ourselves' }).getByRole('button', { name: title, exact: true }).click()
  const form = page.getByRole('group', { name: title, exact: true })
  await fill(form)
  await form.getByLabel('Your initials').fill('ab')
  await form.getByRole('button', { name: title, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
}

test('an order is taken, noted on, and put off until a day', async page => {
  await open(page, orders.accepted)
  await among(page, 'Take')
  await told(page, 'Done: Take, by AB')
  await among(page, 'Private note', form => form.getByLabel('The note').fill('They sounded unsure.'))
  await told(page, 'Done: Private note, by AB')
  await page.getByText('They sounded unsure.').waitFor()
  await among(page, 'Put off', async form => {
    await form.getByLabel('Until the day').fill(later)
    await form.getByLabel('Why').fill('The customer is away.')
  })
  await told(page, 'Done: Put off, by AB')
  await page.getByRole('button', { name: 'Work list', exact: true }).click()
  await tab(page, /^Put off /)
  await page.getByText('Put off by AB: The customer is away.').waitFor()
  await accessible(page)
})

test('a decision is previewed with its mail, and a text of the house is inserted', async page => {
  await open(page, orders.conflict)
  const decisions = page.getByRole('group', { name: 'Decisions' })
  await decisions.getByRole('button', { name: 'Reject', exact: true }).click()
  const form = page.getByRole('group', { name: 'Reject', exact: true })
  await form.getByLabel('Reason', { exact: true }).selectOption('PORT_FREEZE')
  await form.getByLabel('Your words to the customer').fill('Please ask your carrier.')
  await form.getByRole('button', { name: 'Preview' }).click()
  await page.getByText('The order will be rejected.').waitFor()
  const mail = await page.locator('blockquote').last().innerText()
  say(mail.includes('Please ask your carrier.') && mail.includes('GET https://api.portway.example'), `the mail is: ${mail}`)
  say((await form.getByLabel('Your words to the customer').inputValue()) === 'Please ask your carrier.', 'the words are gone')
  await accessible(page)
  await decisions.getByRole('button', { name: 'Comment', exact: true }).click()
  const comment = page.getByRole('group', { name: 'Comment', exact: true })
  await comment.getByLabel('Begin with a text').selectOption('chased')
  await comment.getByRole('button', { name: 'Insert the text' }).click()
  await page.waitForFunction(() => document.querySelector('#pd-text').value.startsWith('We have asked the carrier again'))
})

test('a detail that is signed is not corrected, and one that is not goes out again', async page => {
  await open(page, orders.conflict)
  const press = async (field, value) => {
    await page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: 'Correct a detail', exact: true }).click()
    const form = page.getByRole('group', { name: 'Correct a detail', exact: true })
    await form.getByLabel('Detail', { exact: true }).selectOption(field)
    await form.getByLabel('As the carrier has it').fill(value)
    await form.getByRole('button', { name: 'Preview' }).click()
  }
  await press('billing_name', 'Bob Smith')
  await page.getByText('The letter of agency was signed with another').waitFor()
  await press('zip', '98102')
  await page.getByText('The customer reads among the comments').waitFor()
})

test('the list is sorted and filtered', async page => {
  await home(page)
  await page.getByText('Filter', { exact: true }).click()
  await page.getByLabel('In the order').selectOption('carrier')
  await page.getByLabel('Reason or question').fill('conflict')
  await page.getByRole('button', { name: 'Apply the filter' }).click()
  await page.locator('caption').filter({ hasText: 'by carrier' }).waitFor()
  const rows = await page.locator('tbody tr').allInnerTexts()
  say(rows.length > 0 && rows.every(row => row.includes('Conflict')), `the filter leaves ${rows.join(' | ')}`)
})

for (const width of [1280, 390]) {
  test(`the boards are readable at ${width} pixels`, async page => {
    await home(page, width === 390)
    await page.getByRole('button', { name: 'Boards', exact: true }).click()
    for (const name of ['Health', 'Peers', 'Promises', 'Carriers', 'Money']) {
      await tab(page, name)
      await page.getByRole('heading', { name, exact: true }).waitFor()
      if (name === 'Money') {
        await page.getByLabel('Account', { exact: true }).fill(customer)
        await page.getByRole('button', { name: "Show the account's money" }).click()
        await page.getByRole('img', { name: 'Money, as bars' }).waitFor()
      }
      await fits(page)
      await accessible(page)
    }
  }, { width })
}

// account opens the screen of an account.
async function account(page, id) {
  await home(page)
  await page.getByRole('button', { name: 'Accounts', exact: true }).click()
  await page.getByLabel('Show the account with the id').fill(id)
  await page.getByRole('button', { name: 'Show the account', exact: true }).click()
  await page.getByRole('heading', { name: `Account ${id}` }).waitFor()
}

for (const width of [1280, 390]) {
  for (const dark of [false, true]) {
    test(`an account is readable at ${width} pixels, ${dark ? 'dark' : 'light'}`, async page => {
      await home(page, dark)
      await page.getByRole('button', { name: 'Accounts', exact: true }).click()
      await page.getByLabel('Show the account with the id').fill(customer)
      await page.getByRole('button', { name: 'Show the account', exact: true }).click()
      await page.getByRole('heading', { name: `Account ${customer}` }).waitFor()
      await page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: 'Change contacts' }).click()
      await page.getByRole('group', { name: 'Change contacts', exact: true }).waitFor()
      await fits(page)
      await accessible(page)
    }, { width })
  }
}

test('an account is opened, and its secret is shown once', async page => {
  await home(page)
  await page.getByRole('button', { name: 'Accounts', exact: true }).click()
  await page.getByRole('button', { name: 'Open an account', exact: true }).click()
  const form = page.getByRole('group', { name: 'Open the account', exact: true })
  const press = async () => {
    await form.getByRole('button', { name: 'Open the account', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  }
  await form.getByLabel('Id: letters').fill('a b')
  await form.getByLabel('Your initials').fill('ab')
  await press()
  await told(page, 'Nothing was done')
  await form.getByText('Use letters, digits').waitFor()
  await form.getByLabel('Id: letters').fill('newtel')
  await form.getByLabel('Name of the customer').fill('New Telephone')
  await form.getByLabel('Mail address for orders').fill('porting@newtel.example')
  await form.getByLabel('Kind').selectOption('live')
  await form.getByLabel('First deposit').fill('1,500.50')
  await press()
  await told(page, 'Done: Open the account, by AB')
  const secret = await page.getByRole('group', { name: 'The new key' }).locator('code').nth(1).innerText()
  say(secret.length === 32, `the secret is ${secret}`)
  await page.getByText('Balance: $1500.50').waitFor()
  await accessible(page)
  await page.getByRole('button', { name: 'Reload', exact: true }).click()
  await page.getByRole('group', { name: 'The new key' }).waitFor({ state: 'detached' })
  say(!(await page.content()).includes(secret), 'the secret is shown again')
})

// decideOnAccount opens a form of the account, fills it, and confirms.
async function decideOnAccount(page, title, fill = async () => {}) {
  const form = page.getByRole('group', { name: title, exact: true })
  await fill(form)
  await form.getByLabel('Your initials').fill('ab')
  await form.getByRole('button', { name: title, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
}

test('an account gets a deposit, other contacts and prices, and a key that is revoked', async page => {
  await account(page, customer)
  const choose = title => page.getByRole('group', { name: 'Decisions' }).getByRole('button', { name: title, exact: true }).click()
  await choose('Enter a deposit')
  await decideOnAccount(page, 'Enter a deposit', async form => {
    await form.getByLabel('Amount in US dollars').fill('500.00')
    await form.getByLabel('Reference').fill('wire 7')
  })
  await told(page, 'Done: Enter a deposit, by AB')
  await page.getByRole('cell', { name: 'wire 7' }).waitFor()
  await choose('Change contacts')
  await decideOnAccount(page, 'Change contacts', form => form.getByLabel('for the purpose porting').fill('desk@acme.example, night@acme.example'))
  await told(page, 'Done: Change contacts, by AB')
  await page.getByText('night@acme.example').waitFor()
  await choose('Change prices')
  await decideOnAccount(page, 'Change prices', form => form.getByLabel('A toll-free number').fill('15'))
  await told(page, 'Done: Change prices, by AB')
  await page.getByRole('cell', { name: '$15.00' }).waitFor()
  for (const name of ['night shift', 'day shift']) {
    await choose('Issue a key')
    await decideOnAccount(page, 'Issue a key', form => form.getByLabel('A name by which').fill(name))
    await told(page, 'Done: Issue a key, by AB')
  }
  await page.getByRole('row', { name: /night shift/ }).getByRole('button', { name: 'Revoke' }).click()
  await decideOnAccount(page, 'Revoke the key')
  await told(page, 'Done: Revoke the key, by AB')
  say((await page.getByRole('row', { name: /night shift/ }).count()) === 0, 'the key is still there')
})

test('many orders are taken at once, after a preview of each outcome', async page => {
  await home(page)
  await tab(page, /^To decide/)
  await page.getByRole('button', { name: 'Decide on all of these' }).click()
  await page.getByLabel('What is done with each of them').selectOption({ label: 'Take' })
  await page.getByLabel('Your initials').fill('ab')
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  await page.getByRole('cell', { name: 'Changes among ourselves' }).first().waitFor()
  await page.getByRole('button', { name: /^Do it with/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click()
  await told(page, 'Done with')
  await page.getByRole('cell', { name: 'Done.', exact: true }).first().waitFor()
  await accessible(page)
})

test('nothing was taken out of any answer', async page => {
  await open(page, orders.rejected)
  say((await page.locator('#count').innerText()) === '0', await page.locator('#removed').innerText())
})

await run(works)
