import {
  bicubic,
  blurOperator,
  filteredBackProjection,
  fourierOperator,
  gaussianKernel,
  greyOperator,
  type ImageShape,
  type Known,
  knownGrey,
  kSpaceMask,
  type LinearOperator,
  leastSquares,
  maskOperator,
  motionKernel,
  poolingOperator,
  radonOperator,
  randomRowsOperator,
} from '@sgm/samplers'
import {
  add,
  div,
  expected,
  full,
  type Key,
  max,
  maximum,
  mul,
  ones,
  resizeNearest,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { hiddenPixels } from '../masks'
import { inOwnWords } from '../settings/names'

/** What is measured of images in [0, 1], and how it was reconstructed before there were models. */
export interface Task {
  readonly operator: LinearOperator & { dispose?(): void }
  /** What of images it knows from y, for replacement; absent where it measures other than coordinates. */
  readonly known?: (y: Tensor) => Known
  /** Name of the classical reconstruction. */
  readonly classical: string
  /** `[B, ...M]` → `[B, H, W, C]` */
  reconstruct(y: Tensor): Tensor | Promise<Tensor>
  /** A picture of what was measured, of the size of the images. */
  show(y: Tensor): Tensor
}

interface Making {
  readonly shape: ImageShape
  /** What follows the colon. */
  readonly argument: string | undefined
  readonly key: Key
}

/** Tasks by name: to add one, add it here. */
const tasks: Readonly<Record<string, (making: Making) => Task | Promise<Task>>> = {
  ct({ shape, argument = '23' }) {
    const views = Number(argument)
    const operator = radonOperator(shape, { views })
    return {
      operator,
      classical: 'filtered back-projection',
      reconstruct: (y) => filteredBackProjection(y, { views }),
      show: (y) => tidy(() => resizeNearest(inUnit(y), [shape[0], shape[1]])),
    }
  },
  mri({ shape, argument = '4', key }) {
    const acceleration = Number(argument)
    const operator = fourierOperator(shape, kSpaceMask([shape[0], shape[1]], { key, acceleration }))
    return {
      operator,
      classical: 'zero-filled transform',
      reconstruct: (y) => operator.adjoint(y),
      show: (y) => tidy(() => inUnit(sqrt(sqrt(sum(square(y), -1))))),
    }
  },
  superres({ shape, argument = '4' }) {
    const factor = Number(argument)
    const operator = poolingOperator(shape, factor)
    if (shape[0] % factor !== 0 || shape[1] % factor !== 0) {
      throw expected('sgm', `a factor of ${shape[0]}×${shape[1]}`, argument)
    }
    return {
      operator,
      classical: 'bicubic',
      reconstruct: (y) => bicubic(y, factor),
      show: (y) => resizeNearest(y, [shape[0], shape[1]]),
    }
  },
  deblur({ shape, argument = '1.5' }) {
    const operator = blurOperator(shape, gaussianKernel({ sigma: Number(argument) }))
    return { operator, ...byLeastSquares(operator), show: (y) => mul(y, 1) }
  },
  motion({ shape, argument = '5' }) {
    const [length, angle = 0] = argument.split(',').map(Number)
    const operator = blurOperator(shape, motionKernel({ length: length!, angle }))
    return { operator, ...byLeastSquares(operator), show: (y) => mul(y, 1) }
  },
  cs({ shape, argument = '4', key }) {
    const factor = Number(argument)
    if (!(factor >= 1)) throw expected('sgm', 'FACTOR >= 1', argument)
    const pixels = shape[0] * shape[1] * shape[2]
    const operator = randomRowsOperator(shape, { key, rows: Math.max(1, Math.round(pixels / factor)) })
    return {
      operator,
      ...byLeastSquares(operator),
      show: (y) => tidy(() => inUnit(operator.adjoint(y))),
    }
  },
  async inpaint({ shape, argument = 'right' }) {
    const hidden = await hiddenPixels(argument, shape[0], shape[1], '--task inpaint:')
    const known = hidden.map((h) => 1 - h)
    const share = Math.max(
      1,
      known.reduce((a, b) => a + b, 0),
    )
    return {
      operator: maskOperator(known, shape),
      known: (y) => ({ data: y, mask: tensor(known, [1, shape[0], shape[1], 1]) }),
      classical: 'the mean of what is known',
      reconstruct: (y) =>
        tidy(() => {
          const mean = div(sum(y, [1, 2], true), share)
          return add(y, mul(mean, tensor(hidden, [1, shape[0], shape[1], 1])))
        }),
      show: (y) => mul(y, 1),
    }
  },
  colorize({ shape }) {
    if (shape[2] !== 3) throw expected('sgm', 'a run on images of 3 channels', shape[2])
    const inColour = (y: Tensor): Tensor => tidy(() => mul(y, ones([1, 1, 1, 3])))
    return {
      operator: greyOperator(shape),
      known: knownGrey,
      classical: 'grey',
      reconstruct: inColour,
      show: inColour,
    }
  },
}

/** How tasks are asked for. */
export const taskWords =
  'ct[:VIEWS]|mri[:FACTOR]|superres[:FACTOR]|deblur[:SIGMA]|motion[:LENGTH,ANGLE]|cs[:FACTOR]|inpaint[:MASK]|colorize'

/** Whether a text begins with a task's name. */
export const isTask = (text: unknown): boolean =>
  typeof text === 'string' && Object.hasOwn(tasks, text.split(':')[0]!)

/** The task of a text such as `ct:23`. @throws RangeError in the words of the command. */
export async function taskOf(text: string, shape: ImageShape, key: Key): Promise<Task> {
  const [name = '', ...rest] = text.split(':')
  const argument = rest.length > 0 ? rest.join(':') : undefined
  const names = {
    views: 'VIEWS',
    acceleration: 'FACTOR',
    factor: 'FACTOR',
    sigma: 'SIGMA',
    length: 'LENGTH',
    angle: 'ANGLE',
  }
  const made = inOwnWords(names, `--task ${text}`, () => tasks[name]!({ shape, argument, key }))
  return made
}

/** The least squares of what a blur or random sums measured. */
function byLeastSquares(operator: LinearOperator): Pick<Task, 'classical' | 'reconstruct'> {
  return {
    classical: 'least squares',
    reconstruct: (y) => tidy(() => leastSquares(operator, y, full([y.shape[0]!], 0.01))),
  }
}

/** Values brought to [0, 1]. */
function inUnit(y: Tensor): Tensor {
  return tidy(() => {
    const above = maximum(y, 0)
    return div(above, maximum(max(above), 1e-30))
  })
}
