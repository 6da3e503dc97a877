import * as tf from '@tensorflow/tfjs'
import { type Filled, filled, type Makers } from '../work'

const LEVELS = [
  { name: 'down0', filter: [3, 3, 1, 32], stride: 1, groups: 4 },
  { name: 'down1', filter: [3, 3, 32, 64], stride: 2, groups: 32 },
  { name: 'down2', filter: [3, 3, 64, 128], stride: 2, groups: 32 },
  { name: 'down3', filter: [3, 3, 128, 256], stride: 2, groups: 32 },
  { name: 'up3', filter: [3, 3, 128, 256], stride: 2, groups: 32, to: 5 },
  { name: 'up2', filter: [3, 3, 64, 256], stride: 2, groups: 32, to: 12 },
  { name: 'up1', filter: [3, 3, 32, 128], stride: 2, groups: 32, to: 26 },
] as const

const FEATURES = 256
const SNR = 0.16
const SIGMA = 25

const variable = (shape: readonly number[], seed: number, scale: number): tf.Variable => {
  const { data }: Filled = filled([...shape], seed, scale)
  return tf.variable(tf.tensor(data, [...shape]))
}

/** The published tutorial's score network in tfjs's own operations. */
function unet(): {
  weights: Record<string, tf.Variable>
  apply: (x: tf.Tensor4D, t: tf.Tensor1D) => tf.Tensor4D
} {
  const weights: Record<string, tf.Variable> = {
    embed: variable([FEATURES, FEATURES], 40, 0.1),
    last: variable([3, 3, 1, 64], 41, 0.1),
  }
  LEVELS.forEach(({ name, filter }, i) => {
    const width = 'down' === name.slice(0, 4) ? filter[3] : filter[2]
    weights[`${name}.conv`] = variable(filter, 50 + i, 0.1)
    weights[`${name}.time`] = variable([FEATURES, width], 60 + i, 0.1)
    weights[`${name}.scale`] = tf.variable(tf.ones([width]))
    weights[`${name}.shift`] = tf.variable(tf.zeros([width]))
  })
  const frequencies = tf.tensor(filled([1, FEATURES / 2], 42, 50).data, [1, FEATURES / 2])
  const w = (name: string): tf.Variable => weights[name]!

  const block = (level: (typeof LEVELS)[number], x: tf.Tensor4D, embedding: tf.Tensor): tf.Tensor4D => {
    const filter = w(`${level.name}.conv`) as unknown as tf.Tensor4D
    const batch = x.shape[0]
    const convolved =
      'to' in level
        ? tf.conv2dTranspose(x, filter, [batch, level.to, level.to, filter.shape[2]], level.stride, 'valid')
        : tf.conv2d(x, filter, level.stride, 'valid')
    const width = convolved.shape[3]
    const time = tf.matMul(embedding as tf.Tensor2D, w(`${level.name}.time`) as unknown as tf.Tensor2D)
    const h = tf.add(convolved, tf.reshape(time, [batch, 1, 1, width]))
    const grouped = tf.reshape(h, [batch, -1, level.groups, width / level.groups])
    const { mean, variance } = tf.moments(grouped, [1, 3], true)
    const normalised = tf.reshape(tf.div(tf.sub(grouped, mean), tf.sqrt(tf.add(variance, 1e-5))), h.shape)
    const y = tf.add(tf.mul(normalised, w(`${level.name}.scale`)), w(`${level.name}.shift`))
    return tf.mul(y, tf.sigmoid(y)) as tf.Tensor4D
  }

  const apply = (x: tf.Tensor4D, t: tf.Tensor1D): tf.Tensor4D => {
    const angle = tf.mul(tf.mul(tf.reshape(t, [-1, 1]), frequencies), 2 * Math.PI)
    const hidden = tf.matMul(
      tf.concat([tf.sin(angle), tf.cos(angle)], 1) as tf.Tensor2D,
      w('embed') as unknown as tf.Tensor2D,
    )
    const embedding = tf.mul(hidden, tf.sigmoid(hidden))
    const skips: tf.Tensor4D[] = []
    let h = x
    for (const level of LEVELS.slice(0, 4)) {
      h = block(level, h, embedding)
      skips.push(h)
    }
    for (const [i, level] of LEVELS.slice(4).entries()) {
      h = block(level, i === 0 ? h : tf.concat([h, skips[3 - i]!], 3), embedding)
    }
    const joined = tf.concat([h, skips[0]!], 3)
    return tf.conv2dTranspose(
      joined,
      w('last') as unknown as tf.Tensor4D,
      [x.shape[0], 28, 28, 1],
      1,
      'valid',
    )
  }
  return { weights, apply }
}

function data(batch: number): [tf.Tensor4D, tf.Tensor1D, tf.Tensor4D] {
  const shape: [number, number, number, number] = [batch, 28, 28, 1]
  return [tf.randomUniform(shape), tf.randomUniform([batch]), tf.randomNormal(shape)]
}

const deviation = (t: number): number => Math.sqrt((SIGMA ** (2 * t) - 1) / (2 * Math.log(SIGMA)))

const norm = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.sqrt(tf.sum(tf.square(x), [1, 2, 3])), [-1, 1, 1, 1])

/** The published tutorial's network, trained and sampled. */
export const unetMakers: Pick<Makers, 'unet-step' | 'unet-sample' | 'unet-pc'> = {
  'unet-step': async ({ batch }) => {
    const { weights, apply } = unet()
    const [x, t, z] = data(batch)
    const adam = tf.train.adam(1e-3)
    const loss = (): tf.Scalar =>
      tf.mean(tf.sum(tf.square(tf.add(apply(tf.add(x, z), t), z)), [1, 2, 3])) as tf.Scalar
    const run = async (): Promise<undefined> => {
      const value = tf.tidy(() => adam.minimize(loss, true)!)
      await value.data()
      value.dispose()
      return undefined
    }
    return { run, dispose: () => tf.dispose([Object.values(weights), x, t, z]) }
  },
  'unet-sample': async ({ batch }) => {
    const { weights, apply } = unet()
    const [x, t, z] = data(batch)
    const run = async (): Promise<undefined> => {
      const y = tf.tidy(() => tf.add(tf.mul(tf.add(x, apply(x, t)), 1.001), tf.mul(z, 0.1)))
      await y.data()
      y.dispose()
      return undefined
    }
    return { run, dispose: () => tf.dispose([Object.values(weights), x, t, z]) }
  },
  'unet-pc': async ({ batch, steps }) => {
    const { weights, apply } = unet()
    const run = async (): Promise<undefined> => {
      const shape: [number, number, number, number] = [batch, 28, 28, 1]
      let x: tf.Tensor4D = tf.mul(tf.randomNormal(shape), deviation(1))
      for (let i = 0; i < steps; i++) {
        const before = x
        x = tf.tidy(() => {
          const time = 1 - (i * (1 - 1e-3)) / steps
          const score = (y: tf.Tensor4D): tf.Tensor4D =>
            tf.div(apply(y, tf.fill([batch], time)), deviation(time))
          const [s, z] = [score(before), tf.randomNormal(shape)]
          const step = tf.mul(tf.square(tf.div(tf.mul(norm(z), SNR), norm(s))), 2)
          const corrected = tf.add(tf.add(before, tf.mul(step, s)), tf.mul(tf.sqrt(tf.mul(step, 2)), z))
          const g2 = SIGMA ** (2 * time) / steps
          const mean = tf.add(corrected, tf.mul(score(corrected as tf.Tensor4D), g2))
          return tf.add(mean, tf.mul(tf.randomNormal(shape), Math.sqrt(g2))) as tf.Tensor4D
        })
        before.dispose()
      }
      await x.data()
      x.dispose()
      return undefined
    }
    return { run, dispose: () => tf.dispose(Object.values(weights)) }
  },
}
