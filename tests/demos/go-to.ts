import type { Page } from 'playwright'

/** Opens a page and waits until React has taken it over: it hears the reader, and has complained if it was drawn otherwise. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'load' })
  await page.locator('html[data-has-hydrated="true"]').waitFor({ state: 'attached' })
}
