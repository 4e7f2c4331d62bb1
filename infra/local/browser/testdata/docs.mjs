// The page of the API's documentation, as make run serves it.
import { fits, input, run, say } from '../kit.mjs'

const widths = [1280, 768, 390]

await run(
  widths.map(width => ({
    name: `operations are shown at ${width} pixels`,
    width,
    does: async page => {
      await page.goto(input.url)
      await page.locator('.opblock-summary').first().waitFor()
      const shown = await page.locator('.opblock-summary').count()
      say(shown >= input.operations, `${shown} operations are shown, the description has ${input.operations}`)
      await fits(page)
    }
  }))
)
