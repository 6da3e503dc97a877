import { implicit } from '@sgm/losses'
import { gaussian, gaussianMixture } from '@sgm/score'
import { exp, foldIn, grad, scoped, sum, tensor, tidy } from '@sgm/tensor'
import { contours, figure, grid, quiver } from '@sgm/viz'
import { average, relativeError } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'score field'
/** Of the density, whose greatest value is 0.8/2π. */
const LEVELS = [0.001, 0.004, 0.01, 0.02, 0.04, 0.07, 0.1]

/** The score of the mixture as arrows over its density. */
export const scoreField: MakeSection = ({ key, effort: { samples } }) =>
  scoped(async (own) => {
    const target = gaussianMixture()
    const plane = grid({ x: [-8, 8], size: 80 })
    const x = own(tensor(plane.points, plane.shape))
    const density = own(tidy(() => exp(target.logDensity(x))))
    const score = own(target.score(x))
    const differentiated = own(grad((y) => sum(target.logDensity(y)))(x))

    const normal = gaussian()
    const loss = implicit()
    const draws = own(normal.sample(foldIn(key, 0), samples))
    const objective = own(
      tidy(() => loss.evaluate(normal.score, draws, loss.draw(foldIn(key, 1), [samples, 2]))),
    )
    return {
      title: 'The score of a density',
      text:
        'The score ∇ₓ log p(x) points to where the density rises, however little density there is: the mixture ' +
        '⅕ N((−5, −5), I) + ⅘ N((5, 5), I) under the arrows of its score. Implicit score matching, E[tr ∇s + ½‖s‖²], ' +
        'knows the right score without the density: on N(0, I) its least value is −d/2.',
      figures: [
        {
          name: 'score-field',
          caption: 'The score as arrows, their length by the root of its size, over contours of the density.',
          picture: await figure(
            [
              contours(plane, density, { levels: LEVELS }),
              quiver(plane, score, { across: 16, length: 'sqrt' }),
            ],
            { x: 'x₁', y: 'x₂', width: 620 },
          ),
        },
      ],
      rows: [
        {
          group: GROUP,
          quantity: 'closed form against differentiated log-density',
          measured: await relativeError(score, differentiated),
          truth: 0,
          tolerance: 1e-6,
        },
        {
          group: GROUP,
          quantity: 'implicit objective at the score of N(0, I)',
          measured: await average(objective),
          truth: -1,
          // tr ∇s = −2, and ½‖s‖² has variance d/2.
          tolerance: 4 / Math.sqrt(samples),
        },
      ],
    }
  })
