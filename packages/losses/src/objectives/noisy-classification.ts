import {
  add,
  alignRows,
  expectedType,
  formatShape,
  greater,
  logSoftmax,
  mul,
  neg,
  normal,
  oneHot,
  where as select,
  split,
  sum,
  tidy,
} from '@sgm/tensor'
import { checkTensors, optionsOf } from '@sgm/tensor/check'
import { predictive } from '../objective'
import { columns } from '../perturbed'
import { type ProcessTimesOptions, processTimes, type TimeSampling } from '../times'
import type { Loss } from '../types'

/** Options of {@link noisyClassification}. */
export interface NoisyClassificationOptions extends ProcessTimesOptions {
  /**
   * How times are drawn, each counting the same: a choice of which noise levels matter. `importanceTimes()` draws them evenly in
   * log-SNR, for processes such as `edm` that spend most of their time where nothing can be told any more.
   * @default `uniformTimes`
   */
  readonly times?: TimeSampling
}

/**
 * The cross-entropy −ln p_t(y | x_t) of a classifier at noisy data, x_t = αx + σz with t in [cutOff, T] (Song
 * et al. 2021, appendix I; Dhariwal and Nichol 2021, section 4.1): what a classifier for guidance is trained by.
 *
 * In place of a score it takes logits, (x `[B, ...D]`, t `[B]`) → `[B, C]`, and the labels as its condition, int32
 * `[B]` in [0, C). At its optimum the logits are ln p_t(y | x) up to a constant, and the loss is the entropy of the
 * label given x_t.
 *
 * @throws RangeError unless `cutOff` lies in the process's interval. TypeError, when evaluated, without labels or for
 * logits of another shape.
 * @example
 * const loss = noisyClassification({ process: vp() })
 */
export function noisyClassification(options: NoisyClassificationOptions = {}): Loss {
  const where = 'noisyClassification'
  const { times, ...rest } = optionsOf(where, options, {
    process: true,
    stratified: true,
    cutOff: true,
    times: true,
  })
  const { levels } = processTimes(where, rest, times)
  return predictive(where, ['times', 'alphas', 'sigmas', 'noise'], {
    draw: (key, shape) => {
      const [timeKey, noiseKey] = split(key)
      const rows = levels(timeKey, shape[0]!, () => ({}))
      return { ...columns(rows, ['time', 'alpha', 'sigma']), noise: normal(noiseKey, shape) }
    },
    evaluate: (classifier, x, { times, alphas, sigmas, noise }, labels) => {
      if (labels?.dtype !== 'int32' || labels.shape.length !== 1 || labels.shape[0] !== x.shape[0]) {
        const got = labels ? `${labels.dtype} ${formatShape(labels.shape)}` : 'none'
        throw expectedType(where, `labels int32 [${x.shape[0]}] as the condition`, got)
      }
      return tidy(() => {
        const noisy = add(mul(alignRows(alphas!, x), x), mul(alignRows(sigmas!, x), noise!))
        const logits = classifier(noisy, times!)
        checkTensors(where, { 'what the classifier gives': logits })
        if (logits.shape.length !== 2 || logits.shape[0] !== x.shape[0]) {
          throw expectedType(where, `logits [${x.shape[0]}, C]`, formatShape(logits.shape))
        }
        // Another class may have the logarithm of no chance at all.
        const chosen = greater(oneHot(labels, logits.shape[1]!), 0)
        return neg(sum(select(chosen, logSoftmax(logits), 0), 1))
      })
    },
  })
}
