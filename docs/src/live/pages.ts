import { type DemoName, demos } from './demos'
import type { Options } from './spec'

interface Placed {
  readonly name: DemoName
  readonly of?: string
}

/** Folders whose pages are each about one choice of a demo. */
const figures: Readonly<Record<string, DemoName>> = {
  samplers: 'sampler',
  processes: 'process',
  losses: 'loss',
}

/** The demo of each package. */
const packages: Readonly<Record<string, DemoName>> = {
  tensor: 'mixture',
  sde: 'sde-paths',
  score: 'probability-flow',
  losses: 'score-matching',
  samplers: 'evaluations',
  train: 'drawing',
  data: 'conditioning',
  metrics: 'lost-weights',
  viz: 'langevin',
  'backend-onnx': 'compiled',
  'backend-gpu': 'particles',
  cli: 'digits',
}

/** The demo that stands below a page, if it has one. */
export function liveOf(page: string): Placed | undefined {
  const [folder = '', name = '', file] = page.split('/')
  if (folder === 'api') return file === 'index' && packages[name] ? { name: packages[name] } : undefined
  const demo = figures[folder]
  const options: Options = demo ? demos[demo].options : {}
  const { of } = options
  return demo && of?.kind === 'choice' && Object.hasOwn(of.choices, name)
    ? { name: demo, of: name }
    : undefined
}
