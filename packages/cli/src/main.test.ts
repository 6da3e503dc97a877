import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { main } from './main'
import { etaText, progressBar } from './progress'
import { temporaryFolder } from './testing'

const folder = await temporaryFolder()

async function sgm(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const text = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _, done) {
        text[name] += chunk
        done()
      },
    })
  const code = await main(args, { stdout: into('out'), stderr: into('err') })
  return { code, ...text }
}

const commands = [
  'train',
  'sample',
  'likelihood',
  'class',
  'inpaint',
  'colorize',
  'restore',
  'interpolate',
  'export',
  'info',
  'log',
  'samplers',
]

it('tells what there is, and of each command its options, within a screen', async () => {
  const { code, out } = await sgm('--help')
  expect(code).toBe(0)
  for (const command of commands) {
    expect(out).toContain(`\n  ${command} `)
    const help = await sgm(command, '--help')
    expect(help.code).toBe(0)
    const lines = help.out.split('\n')
    expect(lines.length).toBeLessThan(50)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  }
  expect((await sgm('--version')).out).toMatch(/^\d+\.\d+\.\d+/)
})

it('without a command shows the three that people want first', async () => {
  const { code, out, err } = await sgm()
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect([...err.matchAll(/^ {2}sgm (\w+)/gm)].map(([, command]) => command)).toEqual([
    'train',
    'sample',
    'likelihood',
  ])
  expect(err).toContain('sgm --help lists all commands')
})

it.each([
  [
    ['train', '--out', 'x', '--steps', '1.5'],
    "sgm: option '--steps <n>' argument '1.5' is invalid. Expected an integer >= 1.",
  ],
  [
    ['train', '--out', 'x', '--rate', '0'],
    "sgm: option '--rate <r>' argument '0' is invalid. Expected a number > 0.",
  ],
  [
    ['train', '--out', 'x', '--sde', 'foo'],
    "sgm: option '--sde <name>' argument 'foo' is invalid. Expected ve|vp|subvp|sigma-t|cosine|edm|rectified-flow.",
  ],
  [
    ['train', '--out', 'x', '--data', 'constructor'],
    expect.stringMatching(/^sgm: expected --data glyphs, phantoms, two-moons, .*, got .*constructor$/),
  ],
  [
    ['train', '--out', 'x', '--sde', 'toString'],
    "sgm: option '--sde <name>' argument 'toString' is invalid. Expected ve|vp|subvp|sigma-t|cosine|edm|rectified-flow.",
  ],
  [
    ['train', '--out', 'x', '--net', '__proto__'],
    "sgm: option '--net <name>' argument '__proto__' is invalid. Expected small|tutorial|ddpm|ddpmpp|ncsnpp|dit|mlp|classifier.",
  ],
  [
    ['train', '--out', 'x', '--predict', '__proto__'],
    "sgm: option '--predict <name>' argument '__proto__' is invalid. Expected scaled-score|noise|data|velocity|flow|edm|logits.",
  ],
  [
    ['train', '--out', 'x', '--weighting', 'hasOwnProperty'],
    "sgm: option '--weighting <name>' argument 'hasOwnProperty' is invalid. Expected balanced|likelihood|flow|edm|edm-small|cross-entropy.",
  ],
  [
    ['sample', 'run', '--sampler', 'constructor'],
    expect.stringMatching(
      /^sgm: option '--sampler <name>' argument 'constructor' is invalid. Expected pc\|em\|/,
    ),
  ],
  [['constructor'], "sgm: unknown command 'constructor'"],
  [['train', '--out', 'x', '--__proto__', '1'], "sgm: unknown option '--__proto__'"],
  [['train'], "sgm: required option '--out <folder>' not specified\nsgm train --help tells the options"],
  [['--json', 'sample'], "sgm: missing required argument 'run'\nsgm sample --help tells the options"],
  [
    ['restore', 'run'],
    "sgm: required option '--task <what>' not specified\nsgm restore --help tells the options",
  ],
  [
    ['sample', join(folder, 'none')],
    `sgm: expected a folder of a run, made by: sgm train --out ${join(folder, 'none')}, got ${join(folder, 'none')}`,
  ],
  [
    ['train', '--out', 'x', '--data', 'glyphs:5'],
    'sgm: expected SIZE to be an integer >= 8 with --data glyphs[:SIZE][:colour] or phantoms[:SIZE], got 5',
  ],
  [
    ['train', '--out', 'x', '--data', 'phantoms:32:colour'],
    'sgm: expected --data glyphs[:SIZE][:colour] or phantoms[:SIZE], got phantoms:32:colour',
  ],
  [['sampel', 'run'], "sgm: unknown command 'sampel'\n(Did you mean sample?)"],
  [['sample', 'run', '--colour', '3'], "sgm: unknown option '--colour'"],
])('says what is wrong with %j in a line, with exit code 2', async (args, message) => {
  const { code, out, err } = await sgm(...args)
  expect(err.trim()).toEqual(message)
  expect(out).toBe('')
  expect(code).toBe(2)
})

it('prints what commands find, as text or as JSON', async () => {
  const run = join(folder, 'run')
  const tiny = [
    '--net',
    'mlp',
    '--width',
    '8',
    '--batch',
    '8',
    '--steps',
    '2',
    '--eval-every',
    '0',
    '--threads',
    '1',
  ]
  const trained = await sgm('train', '--data', 'glyphs:8', '--out', run, ...tiny)
  expect(trained.code).toBe(0)
  expect(trained.out).toMatch(/run: 2 steps, loss [\d.]+\nnext: sgm sample /)
  const again = await sgm('train', '--out', run)
  expect(again.out).toContain('has taken its 2 steps already; raise --steps to train on.')
  const info = await sgm('info', run, '--json')
  expect(JSON.parse(info.out)).toMatchObject({ step: 2, config: { data: 'glyphs:8', width: 8 } })
  expect((await sgm('info', run)).out).toMatch(/^step +2 of 2\n/)
  // A run of 2 steps is no model yet.
  const young = await sgm('sample', run, '-n', '1', '--sampler', 'ddim', '--steps', '1')
  expect(young.out).toMatch(/^1 sample of the weights at step 2:/)
  expect(young.err).toContain(
    `sgm: note: weights of 2 steps have learned little: samples may be noise still; train on with: sgm train --out ${run} --steps 5000`,
  )
  // One who is refused hears why, and nothing beside it.
  expect(await sgm('class', run)).toMatchObject({
    code: 2,
    out: '',
    err: `sgm: expected a run trained with --labels, or --classifier, got ${run} without\n`,
  })
  const out = join(run, 'two.png')
  const drawn = ['-n', '2', '--sampler', 'ddim', '--steps', '2', '--out', out, '--json']
  const sampled = await sgm('sample', run, ...drawn)
  expect(JSON.parse(sampled.out)).toMatchObject({ n: 2, evaluations: 2, files: [out] })
  expect((await sgm('samplers')).out).toMatch(/^pc +predictor-corrector/)
})

it('tells how long the rest takes', () => {
  expect(etaText(10_000, 5, 20)).toBe('40s left')
  expect(etaText(1000, 1, 75)).toBe('1m15s left')
  expect(etaText(3600_000, 1, 2.5)).toBe('2h30m left')
  expect(etaText(61_000, 10, 0)).toBe('1m01s in all')
  expect(etaText(0, 0, 3)).toBe('')
  expect(etaText(61_000, 10, Number.POSITIVE_INFINITY)).toBe('1m01s so far')
})

it('has a bar for long calls of the library, in a file a line', () => {
  const stream = new PassThrough({ encoding: 'utf8' }) as unknown as NodeJS.WriteStream
  const tell = progressBar({ task: 'sampling', stream })
  for (const index of [1, 2, 3]) tell({ index, steps: 3 })
  const text = String((stream as unknown as PassThrough).read())
  expect(text).toMatch(/^sampling +\S+ 1\/3\n/)
  expect(text).toMatch(/█ 3\/3 · \d+s in all/)
})
