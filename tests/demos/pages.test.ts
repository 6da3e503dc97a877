import { createRequire } from 'node:module'
import type axe from 'axe-core'
import { expect, test } from 'vitest'
import { goTo } from './go-to.ts'
import { kinds, written } from './kinds.ts'
import { visitSite } from './visitor.ts'

const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const site = visitSite()

/** What a theme decides. */
const inColours = ['color-contrast', 'link-in-text-block']

/** Pages that pass are not told of: to describe what does takes most of the time. */
const tell: axe.RunOptions = { resultTypes: ['violations'] }

/** Pages whose words are translated. */
const translated = ['', 'learn/score', 'samplers/ddim']

test.concurrent.for([
  ['light', '', kinds, tell],
  ['dark', '', kinds, { ...tell, runOnly: inColours }],
  ['light', 'ko/', translated, tell],
] as const)(
  'in the %s theme pages under %j can be read by everyone',
  async ([colorScheme, language, paths, rules]) => {
    const { page } = await site.open(language, { colorScheme })
    const found: string[] = []
    for (const path of paths) {
      await goTo(page, site.addressOf(language + path))
      await page.addScriptTag({ path: script })
      const { violations } = await page.evaluate(
        (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(options),
        rules as axe.RunOptions,
      )
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical') found.push(`${path}: ${id} ${nodes[0]?.html}`)
      }
    }
    expect(found).toEqual([])
    await page.close()
  },
)

/** Low windows: what is out of sight is not painted, nor are the pages behind its links fetched. */
const windows = [
  ['', { width: 1280, height: 100 }],
  ['ko/', { width: 360, height: 100 }],
] as const

test.concurrent.for(windows)('pages under %j have no error in the console', async ([language, viewport]) => {
  const { page, complaints } = await site.open(language, { viewport })
  const paths = written()
  expect(paths.length).toBeGreaterThan(80)
  for (const path of paths) await goTo(page, site.addressOf(language + path))
  expect(complaints).toEqual([])
  await page.close()
})
