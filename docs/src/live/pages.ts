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
  pipeline: 'pipeline',
}

/** The demo that stands before the first section of a package's page. */
export function packageDemoOf(page: string): DemoName | undefined {
  const [folder, name = '', file] = page.split('/')
  return folder === 'api' && file === 'index' ? packages[name] : undefined
}

/** Whether the recording of the command stands before the first section of a page. */
export const isAboutCommand = (page: string): boolean => page === 'cli' || page === 'api/cli/index'

/** The figure that stands below a page about one sampler, process or loss. */
export function figureOf(page: string): Placed | undefined {
  const [folder = '', name = ''] = page.split('/')
  const demo = figures[folder]
  const options: Options = demo ? demos[demo].options : {}
  const { of } = options
  return demo && of?.kind === 'choice' && Object.hasOwn(of.choices, name)
    ? { name: demo, of: name }
    : undefined
}
