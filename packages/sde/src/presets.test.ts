import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  karras2022,
  ncsn,
  ncsnV2,
  nicholDhariwal2021,
  processPresets,
  song2021,
  songTutorial,
} from './presets'

it('are the published numbers', () => {
  const sigmas = (p: () => { process: { marginal(t: number): { sigma: number } } }) => [
    p().process.marginal(0).sigma,
    expect.closeTo(p().process.marginal(1).sigma, 9),
  ]
  expect([0.01, 50]).toEqual(sigmas(song2021.veCifar10))
  expect([0.01, 90]).toEqual(sigmas(song2021.veCelebA64))
  expect([0.01, 348]).toEqual(sigmas(song2021.veFfhq256))
  expect([0.01, 378]).toEqual(sigmas(song2021.veLsunBedroom256))
  expect([0.01, 380]).toEqual(sigmas(song2021.veLsunChurch256))
  expect([0.01, 1348]).toEqual(sigmas(song2021.veFfhq1024))
  expect(Object.values(song2021).map((preset) => preset().snr)).toEqual([
    0.16, 0.17, 0.075, 0.075, 0.075, 0.15, 0.16, 0.16,
  ])
  expect(song2021.vpCifar10().process.diffusion(1) ** 2).toBeCloseTo(20, 12)
  expect(song2021.subVpCifar10().process.drift(0)).toBeCloseTo(-0.05, 12)
  expect(songTutorial.mnist().process.diffusion(1)).toBe(25)
  expect(karras2022.cifar10().process.interval).toEqual([0, 80])
  expect(nicholDhariwal2021.cosine().process.interval).toEqual([0, 0.9946])
})

it('give the ladders of NCSN and NCSNv2 the parameters of their tables', () => {
  expect(ncsn.cifar10()).toEqual({
    sigmaMax: 1,
    sigmaMin: 0.01,
    levels: 10,
    stepsPerLevel: 100,
    epsilon: 2e-5,
  })
  expect(Object.values(ncsnV2).map((p) => Object.values(p()))).toEqual([
    [50, 0.01, 232, 5, 6.2e-6],
    [90, 0.01, 500, 5, 3.3e-6],
    [140, 0.01, 788, 4, 4.9e-6],
    [190, 0.01, 1086, 3, 1.8e-6],
    [190, 0.01, 1086, 3, 1.8e-6],
    [348, 0.01, 2311, 3, 0.9e-6],
  ])
})

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
const files: Readonly<Record<string, string>> = { subvp: 'vp' }

it.each(Object.entries(processPresets))('%s says its defaults in its docs as it has them', (name, preset) => {
  const source = readFileSync(new URL(`processes/${files[name] ?? name}.ts`, import.meta.url), 'utf8')
  const [, options = ''] = /interface \w+Options extends ProcessOptions \{(.*?)\n\}/s.exec(source) ?? []
  for (const [number, setting] of Object.entries(preset.numbers)) {
    const [, said] = new RegExp(`@default (\\S+)[^@]*?readonly ${number}\\?`).exec(options) ?? []
    expect(Number(said), `${camelCase(name)} ${number}`).toBe(setting.default)
  }
  expect(preset.make()).toMatchObject({ interval: [0, expect.any(Number)] })
})

it('offer processes that are made of their numbers', () => {
  const { make, numbers } = processPresets.ve
  expect(Object.keys(numbers)).toEqual(['sigmaMin', 'sigmaMax'])
  expect(make({ sigmaMax: 90 }).marginal(1).sigma).toBeCloseTo(90, 9)
  expect(() => processPresets.edm.make({ betaMin: 1 } as never)).toThrow(
    "edm: expected options cutOffs, grid, sigmaMin, sigmaMax, got 'betaMin'",
  )
})
