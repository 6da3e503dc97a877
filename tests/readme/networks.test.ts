import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  countParameters,
  ddpm,
  ddpmpp,
  dit,
  ncsnpp,
  noiseClassifier,
  refineNet,
  tutorialUnet,
} from '@sgm/score'
import { describe, expect, it } from 'vitest'
import { root } from '../workspace.ts'

const published = {
  tutorialUnet: [tutorialUnet()],
  ddpm: [ddpm()],
  ddpmpp: [ddpmpp(), ddpmpp({ blocks: 8 })],
  ncsnpp: [ncsnpp(), ncsnpp({ blocks: 8 })],
  refineNet: [refineNet()],
  dit: [dit()],
  noiseClassifier: [noiseClassifier()],
}
const counts = Object.fromEntries(
  Object.entries(published).map(([name, networks]) => [name, networks.map(countParameters)]),
)

/** Numbers of the third column, whose thousands are apart, in Korean by commas. */
const counted = (page: string) =>
  [...page.matchAll(/^\| `(\w+)\(\)` \|[^|]*\|([\d, ()]+)\|/gm)].map(([, name, cell]) => [
    name!,
    cell!.split('(').map((count) => Number(count.replaceAll(/\D/g, ''))),
  ])

describe.each(['docs', 'i18n/ko/docusaurus-plugin-content-docs/current'])(
  'the table of networks in docs/%s',
  (folder) => {
    it('has the number of parameters of each', () => {
      const page = readFileSync(join(root, 'docs', folder, 'networks.md'), 'utf8')
      expect(Object.fromEntries(counted(page))).toEqual(counts)
    })
  },
)
