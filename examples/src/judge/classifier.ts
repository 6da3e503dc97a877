import { onnx } from '@sgm/backend-onnx'
import { type ImageSet, imageBatches } from '@sgm/data'
import type { Loss } from '@sgm/losses'
import { networkOf, type Parameters } from '@sgm/score'
import {
  add,
  compile,
  conv2d,
  foldIn,
  type Key,
  logSoftmax,
  matMul,
  maxPool2d,
  mul,
  type NamedTensors,
  neg,
  normal,
  oneHot,
  relu,
  reshape,
  softmax,
  sum,
  type Tensor,
  tidy,
  zeros,
} from '@sgm/tensor'
import { train } from '@sgm/train'

const CLASSES = 10
const FEATURES = 64

/** The layers before the last: images `[B, 28, 28, 1]` → features `[B, 64]`. */
function features(p: NamedTensors, x: Tensor): Tensor {
  const level = (h: Tensor, name: string): Tensor =>
    maxPool2d(relu(add(conv2d(h, p[`${name}.weight`]!), p[`${name}.bias`]!)), 2)
  const flat = reshape(level(level(x, 'conv1'), 'conv2'), [x.shape[0]!, 7 * 7 * 32])
  return relu(add(matMul(flat, p['hidden.weight']!), p['hidden.bias']!))
}

/** Two convolutions and two dense layers, to logits `[B, 10]`. It is not told the time. */
const network = networkOf({
  parameters: {
    ...layer('conv1', [3, 3, 1, 16]),
    ...layer('conv2', [3, 3, 16, 32]),
    ...layer('hidden', [7 * 7 * 32, FEATURES]),
    ...layer('output', [FEATURES, CLASSES]),
  },
  apply: (p, x) => add(matMul(features(p, x), p['output.weight']!), p['output.bias']!),
})

/** Weights of variance 2/inputs, biases of zero. */
function layer(name: string, shape: readonly number[]): Parameters {
  const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1)
  return {
    [`${name}.weight`]: {
      shape,
      initial: (key) => tidy(() => mul(normal(key, shape), Math.sqrt(2 / inputs))),
    },
    [`${name}.bias`]: { shape: [shape.at(-1)!], initial: (_, bias) => zeros(bias) },
  }
}

const crossEntropy: Loss = {
  draw: (_, [count]) => ({ times: zeros([count!]) }),
  evaluate: (classifier, x, { times }, labels) =>
    neg(sum(mul(oneHot(labels!, CLASSES), logSoftmax(classifier(x, times!))), 1)),
}

/** What a classifier says of images. */
export interface Opinion {
  /** The last hidden layer, `[n, 64]`. */
  readonly features: Tensor
  /** Chances of the classes, `[n, 10]`. */
  readonly probabilities: Tensor
}

/** Options of {@link trainClassifier}. */
export interface ClassifierOptions {
  readonly steps: number
  readonly key: Key
  readonly progress?: (done: number, total: number) => void
}

/** A classifier of 28×28 grey images with labels 0 … 9; gives its opinion on images `[n, 28, 28, 1]` in [0, 1]. */
export async function trainClassifier(
  set: ImageSet,
  { steps, key, progress }: ClassifierOptions,
): Promise<(x: Tensor) => Promise<Opinion>> {
  const run = train({
    model: network,
    loss: crossEntropy,
    data: imageBatches(set, { size: Math.min(64, set.length), key: foldIn(key, 0), labels: true }),
    steps,
    key: foldIn(key, 1),
    rate: (step) => 2e-3 * (1 - (step - 1) / steps),
    compile: onnx(),
  })
  for await (const { step } of run) progress?.(step, steps)
  const p = run.ema
  return compile(
    (x: Tensor) => ({
      features: features(p, x),
      probabilities: softmax(network.apply(p, x, zeros([x.shape[0]!]))),
    }),
    { executor: onnx() },
  )
}
