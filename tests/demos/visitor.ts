import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { afterAll, beforeAll } from 'vitest'
import { findChromium } from '../browser/chromium.ts'
import { goTo } from './go-to.ts'
import { serveSite } from './site.ts'

/** A page of the site that has been made live, and what it complains of. */
export interface Visit {
  readonly page: Page
  /** Errors of its console, and addresses outside the site that it asked for. */
  readonly complaints: readonly string[]
}

/** The built site, and a browser to see it in, while the tests of a file run. */
export function visitSite() {
  let site: Awaited<ReturnType<typeof serveSite>>
  let browser: Browser
  /** Contexts keep what they have loaded: pages of the same options share one. */
  const contexts = new Map<string, Promise<BrowserContext>>()
  beforeAll(async () => {
    site = await serveSite()
    browser = await chromium.launch(await findChromium())
  })
  afterAll(async () => {
    await browser.close()
    site.close()
  })
  const addressOf = (path: string): string => site.address + path
  return {
    /** The address of a page. */
    addressOf,
    async open(path: string, options: BrowserContextOptions = {}): Promise<Visit> {
      const name = JSON.stringify(options)
      const context = contexts.get(name) ?? browser.newContext({ reducedMotion: 'reduce', ...options })
      contexts.set(name, context)
      const page = await (await context).newPage()
      const complaints: string[] = []
      const complain = (what: string): unknown => complaints.push(`${page.url()}: ${what}`)
      page.on('console', (message) => message.type() === 'error' && complain(message.text()))
      page.on('pageerror', ({ message }) => complain(message))
      page.on('request', (request) => request.url().startsWith(site.address) || complain(request.url()))
      await goTo(page, addressOf(path))
      return { page, complaints }
    },
    /** An empty page that knows nothing of the site. */
    stranger: (): Promise<Page> => browser.newPage(),
  }
}
