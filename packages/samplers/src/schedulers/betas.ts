import type { Settings } from './settings'

/**
 * What most classes of diffusers put in the place of an ᾱ of 0, which has no logarithm. DDPM and DDIM leave the 0: less stands for it there, as
 * little as float32 tells from rounding.
 */
const smallest = { replaced: 2 ** -24, kept: 2 ** -26 }

/** ᾱ of the steps as the model was trained with them: in float32, as diffusers works them out. */
export function alphasCumprodOf(settings: Settings, zero: keyof typeof smallest = 'replaced'): number[] {
  const betas = settings.trained_betas?.map(Math.fround) ?? schedules[settings.beta_schedule]!(settings)
  if (!settings.rescale_betas_zero_snr) return products(betas.map((beta) => Math.fround(1 - beta)))
  return products(zeroTerminal(betas)).map((a) => Math.max(a, smallest[zero]))
}

const schedules: Readonly<Record<string, (settings: Settings) => number[]>> = {
  linear: ({ beta_start, beta_end, num_train_timesteps }) =>
    linspace(beta_start, beta_end, num_train_timesteps),
  scaled_linear: ({ beta_start, beta_end, num_train_timesteps }) =>
    linspace(Math.sqrt(beta_start), Math.sqrt(beta_end), num_train_timesteps).map((root) =>
      Math.fround(root * root),
    ),
  squaredcos_cap_v2: (settings) =>
    ofAlphaBar(settings, (t) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2),
  exp: (settings) => ofAlphaBar(settings, (t) => Math.exp(-12 * t)),
  sigmoid: ({ beta_start, beta_end, num_train_timesteps }) =>
    linspace(-6, 6, num_train_timesteps).map((x) =>
      Math.fround(Math.fround(1 / (1 + Math.exp(-x))) * (beta_end - beta_start) + beta_start),
    ),
}

function ofAlphaBar({ num_train_timesteps: n }: Settings, alphaBar: (t: number) => number): number[] {
  return Array.from({ length: n }, (_, i) =>
    Math.fround(Math.min(1 - alphaBar((i + 1) / n) / alphaBar(i / n), 0.999)),
  )
}

/** 1 − β of Lin et al. 2024, "Common diffusion noise schedules and sample steps are flawed", algorithm 1: ᾱ ends at 0. */
function zeroTerminal(betas: readonly number[]): number[] {
  const roots = products(betas.map((beta) => Math.fround(1 - beta))).map((a) => Math.fround(Math.sqrt(a)))
  const [first, last] = [roots[0]!, roots.at(-1)!]
  const bars = roots.map(
    (root) => Math.fround(Math.fround(root - last) * Math.fround(first / Math.fround(first - last))) ** 2,
  )
  return bars.map((bar, i) => Math.fround(i === 0 ? bar : bar / bars[i - 1]!))
}

function products(factors: readonly number[]): number[] {
  let product = 1
  return factors.map((factor) => {
    product *= factor
    return Math.fround(product)
  })
}

/** From either end to the middle, in float32. */
function linspace(start: number, end: number, n: number): number[] {
  const [low, high] = [Math.fround(start), Math.fround(end)]
  const step = Math.fround(Math.fround(high - low) / (n - 1))
  return Array.from({ length: n }, (_, i) =>
    i < n / 2
      ? Math.fround(low + Math.fround(step * i))
      : Math.fround(high - Math.fround(step * (n - 1 - i))),
  )
}
