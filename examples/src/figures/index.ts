/** Draws the pictures of the page on figures: npx tsx examples/src/figures/index.ts */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { useBackend } from '@sgm/tensor'
import { writeWhole } from '@sgm/tensor/node'
import { themes, toSvg } from '@sgm/viz'
import { toGif } from '@sgm/viz/node'
import { annealing, pictures } from './pictures'

const folder = join(import.meta.dirname, '../../../docs/static/img/figures')

async function write(name: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(join(folder, name), content)
  console.log(`${name}: ${(content.length / 1000).toFixed(0)} kB`)
}

/** On the backgrounds of the site. */
const looks = {
  light: { ...themes.light, background: '#fdfdfc' },
  dark: { ...themes.dark, background: '#14171c' },
}

await useBackend()
mkdirSync(folder, { recursive: true })
for (const [name, make] of Object.entries(pictures)) {
  const picture = await make()
  for (const [look, theme] of Object.entries(looks)) {
    await write(`${name}-${look}.svg`, toSvg(picture, { theme, digits: 1 }))
  }
}
const frames = await annealing()
for (const [look, theme] of Object.entries(looks)) {
  await write(`annealing-${look}.gif`, await toGif(frames, { theme, fps: 8, width: 360 }))
}
