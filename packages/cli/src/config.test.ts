import { expect, it } from 'vitest'
import { continuedConfig, newConfig } from './config'
import { openDataset } from './dataset'

const digits = await openDataset('glyphs:16')
const moons = await openDataset('two-moons')
const versions = { sgm: '1.0.0' }

it('takes what is not said from what was published', () => {
  const config = newConfig({ data: 'glyphs:16', net: 'ncsnpp' }, digits, versions)
  expect(config).toMatchObject({
    sde: 've',
    predict: 'scaled-score',
    numbers: { sigmaMin: 0.01, sigmaMax: 50 },
    ema: 0.999,
    rate: 2e-4,
    warmUp: 5000,
    clip: 1,
    batch: 128,
    range: [0, 1],
    shape: [16, 16, 1],
    dequantize: true,
    classes: [],
    versions,
  })
  expect(newConfig({ data: 'glyphs:16', net: 'ddpmpp' }, digits, versions)).toMatchObject({
    sde: 'vp',
    predict: 'noise',
    ema: 0.9999,
    range: [-1, 1],
  })
  expect(newConfig({ data: 'glyphs:16' }, digits, versions)).toMatchObject({
    net: 'small',
    sde: 'edm',
    predict: 'edm',
    weighting: 'edm-small',
    decayAfter: 2000,
    emaWidth: 0.1,
  })
  expect(newConfig({ data: 'glyphs:16', sde: 'vp' }, digits, versions)).toMatchObject({
    net: 'small',
    weighting: 'balanced',
  })
  for (const shape of [
    [16, 16, 3],
    [64, 64, 1],
  ]) {
    expect(newConfig({ data: 'glyphs:16' }, { ...digits, shape }, versions).weighting).toBe('edm')
  }
  expect(newConfig({ data: 'glyphs:16', ema: 0.99 }, digits, versions)).toMatchObject({
    ema: 0.99,
    emaWidth: 0,
  })
  expect(newConfig({ data: 'two-moons' }, moons, versions)).toMatchObject({
    net: 'mlp',
    decayAfter: 0,
    emaWidth: 0,
    range: null,
    dequantize: false,
  })
})

it('keeps what is said', () => {
  const config = newConfig(
    { data: 'glyphs:16', sde: 'subvp', numbers: { betaMax: 10 }, labels: true, steps: 7 },
    digits,
    versions,
  )
  expect(config).toMatchObject({
    net: 'small',
    numbers: { betaMin: 0.1, betaMax: 10 },
    steps: 7,
    dropLabels: 0.1,
  })
  expect(config.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
})

it('refuses what does not fit together, by the names of the options', () => {
  const make = (choices: object, dataset = digits) =>
    newConfig({ data: 'glyphs:16', ...choices }, dataset, versions)
  expect(() => make({ net: 'resnet' })).toThrow(
    'sgm: expected --net small|tutorial|ddpm|ddpmpp|ncsnpp|dit|mlp|classifier, got resnet',
  )
  expect(() => make({ sde: 'vp', numbers: { sigmaMax: 3 } })).toThrow(
    'sgm: expected --beta-min or --beta-max with --sde vp, got --sigma-max',
  )
  expect(() => make({ ema: 0.9, emaWidth: 0.1 })).toThrow('sgm: expected --ema or --ema-width, got both')
  expect(() => make({ dropLabels: 0.5 })).toThrow('sgm: expected --labels with --drop-labels, got none')
  expect(() => make({ labels: true }, moons)).toThrow(
    'sgm: expected data with labels for --labels, got glyphs:16',
  )
  expect(() => make({ net: 'tutorial', blocks: 3 })).toThrow(
    'sgm: expected no --blocks with --net tutorial, got 3',
  )
  expect(() => make({ flip: true }, moons)).toThrow('sgm: expected images for --flip')
  expect(() => make({ augment: 0.1 }, moons)).toThrow('sgm: expected images for --flip, --augment')
  expect(() => make({ dropout: 0.1, net: 'dit' })).toThrow(
    'sgm: expected --net small|ddpm|ddpmpp|ncsnpp with --dropout, got dit',
  )
  expect(() => make({ augment: 0.1, net: 'tutorial' })).toThrow(
    'sgm: expected --net small|ddpm|ddpmpp|ncsnpp with --augment, got tutorial',
  )
  expect(() => make({ objective: 'likelihood', weighting: 'edm' })).toThrow(
    'sgm: expected --weighting likelihood with --objective likelihood, got edm',
  )
  expect(() => make({ objective: 'likelihood', dequantize: false })).toThrow(
    'sgm: expected dequantised images for --objective likelihood, got --no-dequantize',
  )
})

it('trains for likelihood by the weighting of that name, and goes on so', () => {
  const choices = { data: 'glyphs:16', objective: 'likelihood' } as const
  const stored = newConfig(choices, digits, versions)
  expect(stored).toEqual(newConfig({ data: 'glyphs:16', weighting: 'likelihood' }, digits, versions))
  expect(stored).toMatchObject({ weighting: 'likelihood', dequantize: true, sde: 'edm' })
  expect(continuedConfig('run', stored, choices)).toEqual(stored)
  const sampling = newConfig({ data: 'glyphs:16' }, digits, versions)
  expect(() => continuedConfig('run', sampling, choices)).toThrow(
    'sgm: expected --weighting edm-small, with which run',
  )
})

it('goes on with what a run was begun with, but for its length', () => {
  const stored = newConfig({ data: 'glyphs:16', rate: 1e-3 }, digits, versions)
  expect(continuedConfig('run', stored, {})).toEqual(stored)
  expect(continuedConfig('run', stored, { rate: 1e-3, steps: 99, logEvery: 3 })).toEqual({
    ...stored,
    steps: 99,
    logEvery: 3,
  })
  expect(() => continuedConfig('run', stored, { warmUp: 10 })).toThrow(
    'sgm: expected --warm-up 200, with which run was begun (--accept-changes goes on with another), got 10',
  )
})
