// The page of an order of the deployed stack, as a person meets it who has only the link.
import { accessible, fits, input, run, say } from '../browser/kit.mjs'

const { life, still, mail, person, picture } = input

// codes returns the codes that were mailed to the person, in the order of their mails.
async function codes() {
  const { messages } = await (await fetch(mail)).json()
  return Object.values(messages).flat().filter(m => m.To.includes(person))
    .map(m => /^Enter (\d{6}) on the page/.exec(m.BodyText)).filter(found => found).map(found => found[1])
}

// code returns the newest code once there are more than before.
async function code(before) {
  for (let i = 0; i < 600; i++) {
    const all = await codes()
    if (all.length > before) return all.at(-1)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('no mail with a code has come')
}

// proves goes through the mailed code. Codes may be asked for once a minute, so one session serves a whole test.
async function proves(page) {
  const before = (await codes()).length
  await page.getByRole('button', { name: 'Mail me the code' }).click()
  await page.getByLabel('Code').fill(await code(before))
  await page.getByRole('button', { name: 'Continue' }).click()
}

// reads reloads the page until it has the heading.
async function reads(page, url, heading) {
  for (let i = 0; i < 200; i++) {
    await page.goto(url)
    if (await page.getByRole('heading', { level: 1, name: heading }).count()) return
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  throw new Error(`the page never says ${heading}: ${await page.locator('h1').innerText()}`)
}

const looks = async page => {
  await fits(page)
  await accessible(page)
}

let session // the cookies of the order that stands still

await run([
  {
    name: 'a person without JavaScript signs, corrects the rejected order, and reads that the number is in service',
    width: 360,
    script: false,
    does: async page => {
      await page.goto(life)
      await page.getByRole('link', { name: 'Read and sign' }).click()
      await proves(page)
      await page.getByRole('heading', { name: 'Letter of agency' }).waitFor()
      await page.getByRole('button', { name: 'Sign and send' }).click()
      await page.getByRole('link', { name: 'Type your full name.' }).waitFor()
      await page.getByLabel('Your full name').fill('Jane Roe')
      await page.getByLabel('Your title').fill('Owner')
      await page.getByLabel('I am the account holder').check()
      await page.getByLabel('I have read the disclosures').check()
      await page.getByRole('button', { name: 'Sign and send' }).click()
      await page.getByText('You have signed the letter of agency').waitFor()
      await reads(page, life, 'Something has to be corrected')
      await page.getByRole('link', { name: 'See what is wrong' }).click()
      await page.getByLabel('Street', { exact: true }).fill('200 3rd Ave S')
      await page.getByRole('button', { name: /Send the order again|Save and go on to sign/ }).click()
      if (await page.getByRole('button', { name: 'Sign and send' }).count()) {
        await page.getByLabel('Your full name').fill('Jane Roe')
        await page.getByLabel('Your title').fill('Owner')
        await page.getByLabel('I am the account holder').check()
        await page.getByLabel('I have read the disclosures').check()
        await page.getByRole('button', { name: 'Sign and send' }).click()
      }
      await reads(page, life, 'Your numbers are in service with us')
    }
  },
  {
    name: 'the photograph of a bill is accepted, and a day is chosen',
    script: false,
    does: async page => {
      await page.goto(still)
      await page.getByRole('link', { name: 'Send us a document' }).click()
      await page.getByLabel('Bill of your current carrier').check()
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByLabel('File').setInputFiles({ name: 'bill.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') })
      await page.getByRole('button', { name: 'Send the file' }).click()
      await page.getByText('We have your file').waitFor()
      for (let i = 0; !(await page.getByRole('link', { name: 'Bill of your current carrier (PDF)' }).count()); i++) {
        say(i < 100, 'the bill is not accepted: ' + await page.locator('main').innerText())
        await new Promise(resolve => setTimeout(resolve, 200))
        await page.goto(still)
      }
      await page.getByRole('link', { name: 'Choose another day' }).click()
      await proves(page)
      const day = page.getByRole('radio').nth(3)
      const value = await day.inputValue()
      await day.check()
      await page.getByRole('button', { name: 'Choose this day' }).click()
      await page.getByText('We have noted the day').waitFor()
      const [y, m, d] = value.split('-').map(Number)
      const words = new Date(Date.UTC(y, m - 1, d)).toLocaleDateString('en-US', { dateStyle: 'full', timeZone: 'UTC' })
      say((await page.locator('dl').first().innerText()).includes(words), `${words} is not among the facts`)
      session = await page.context().cookies()
      say(session.every(c => c.httpOnly && c.secure && c.name.startsWith('__Host-')), JSON.stringify(session))
    }
  },
  {
    name: 'by the keyboard alone',
    does: async page => {
      await page.goto(still)
      for (let i = 0; i < 20; i++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(() => document.activeElement.textContent) === 'Read and sign') break
      }
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Show that it is you' }).waitFor()
    }
  },
  ...[360, 768, 1280].flatMap(width => [false, true].map(dark => ({
    name: `every screen fits and is accessible at ${width} pixels, ${dark ? 'dark' : 'light'}`,
    width,
    dark,
    does: async page => {
      await page.goto(still)
      await looks(page)
      for (const screen of ['code', 'upload', 'nothing']) {
        await page.goto(`${still}/${screen}`)
        await looks(page)
      }
      await page.context().addCookies(session)
      for (const screen of ['sign', 'date', 'cancel']) {
        await page.goto(`${still}/${screen}`)
        say(!page.url().includes('/code'), `${screen} asks for the code again`)
        await looks(page)
        if (screen === 'sign') {
          await page.getByRole('button', { name: 'Sign and send' }).click()
          await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
          await looks(page)
        }
      }
    }
  })))
])
