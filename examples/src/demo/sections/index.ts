import { ve, vp } from '@sgm/sde'
import { foldIn } from '@sgm/tensor'
import type { Context, MakeSection, Section } from '../section'
import { glyphBits } from './bits-per-dim'
import { colourisation } from './colourisation'
import { errorMaps } from './error-map'
import { glyphModel } from './glyph-model'
import { glyphSamples } from './glyph-samples'
import { halfKnown } from './half-known'
import { inpainting } from './inpainting'
import { langevinChain } from './langevin'
import { learnedScore } from './learned'
import { marginals } from './marginals'
import { mixing } from './mixing'
import { sdeAndOde } from './paths'
import { scoreField } from './score-field'
import { tolerances } from './tolerance'

const ofPoints: readonly MakeSection[] = [
  scoreField,
  langevinChain,
  errorMaps,
  mixing,
  marginals,
  sdeAndOde,
  (context) => learnedScore('VE', ve({ sigmaMin: 0.01, sigmaMax: 50 }), context),
  (context) => learnedScore('VP', vp(), context),
  tolerances,
  halfKnown,
]

/** Makes the sections of the report one after the other; section i draws from the i-th key. */
export async function* makeSections(context: Context): AsyncGenerator<Section, void, undefined> {
  let i = 0
  const next = (): Context => ({ ...context, key: foldIn(context.key, i++) })
  for (const make of ofPoints) yield await make(next())

  const { greySteps, colourSteps } = context.effort
  const grey = await glyphModel(next(), { channels: 1, steps: greySteps })
  try {
    yield grey.section
    for (const make of [glyphSamples, inpainting, glyphBits]) yield await make(next(), grey.model)
  } finally {
    await grey.model.dispose()
  }
  const colour = await glyphModel(next(), { channels: 3, steps: colourSteps })
  try {
    yield colour.section
    yield await colourisation(next(), colour.model)
  } finally {
    await colour.model.dispose()
  }
}
