import type { Work } from './work'

/** A row of the table. */
export interface Item {
  /** What it is called on the command line. */
  readonly name: string
  readonly title: string
  readonly work: Work
  /** Whether the rate is of interest beside the time. */
  readonly rate?: boolean
}

const mlp = (width: number, batch: number): Item[] => [
  {
    name: `mlp-step-${width}`,
    title: `MLP 3-${width}-${width}-${width}-2, batch ${batch}: Adam step`,
    work: { kind: 'mlp-step', width, batch },
  },
  {
    name: `mlp-score-${width}`,
    title: `MLP 3-${width}-${width}-${width}-2, batch ${batch}: score`,
    work: { kind: 'mlp-score', width, batch },
  },
]

const conv = (size: number, channels: number, filters: number, batch: number): Item[] => {
  const title = `Convolution 3×3, ${channels}→${filters}, ${size}×${size}, batch ${batch}`
  const images = { size, channels, filters, batch }
  return [
    { name: `conv-${size}`, title: `${title}: forward`, work: { kind: 'conv', ...images }, rate: true },
    {
      name: `conv-${size}-gradients`,
      title: `${title}: both gradients`,
      work: { kind: 'conv-gradients', ...images },
      rate: true,
    },
  ]
}

/** The product of matrices whose rate others are compared with. */
export const yardstick: Item = {
  name: 'matmul',
  title: 'Matrix product 1024³',
  work: { kind: 'matmul', size: 1024 },
  rate: true,
}

/** The rows of the table. */
export const items: readonly Item[] = [
  ...mlp(128, 512),
  ...mlp(256, 2048),
  ...mlp(512, 4096),
  {
    name: 'sampling-euler-maruyama',
    title: '1000 points, 500 steps of Euler–Maruyama, MLP of width 128',
    work: { kind: 'euler-maruyama', width: 128, batch: 1000, steps: 500 },
  },
  {
    name: 'sampling-rk45',
    title: '1000 points, RK45 at 1e-5, MLP of width 128',
    work: { kind: 'rk45', width: 128, batch: 1000 },
  },
  yardstick,
  ...conv(28, 32, 64, 32),
  ...conv(32, 128, 128, 32),
  {
    name: 'unet-step',
    title: "The tutorial's U-Net, batch 32: Adam step",
    work: { kind: 'unet-step', batch: 32 },
    rate: true,
  },
  {
    name: 'unet-step-small',
    title: 'The same, batch 4',
    work: { kind: 'unet-step', batch: 4 },
    rate: true,
  },
  {
    name: 'unet-sample',
    title: "The tutorial's U-Net, batch 64: sampling step",
    work: { kind: 'unet-sample', batch: 64 },
    rate: true,
  },
  {
    name: 'unet-pc',
    title: '64 digits, 10 of 500 steps of predictor–corrector (20 evaluations), the same U-Net',
    work: { kind: 'unet-pc', batch: 64, steps: 10 },
    rate: true,
  },
  {
    name: 'digits-step',
    title: "DDPM's U-Net of width 16, 28×28, batch 32: Adam step",
    work: { kind: 'digits-step', batch: 32 },
    rate: true,
  },
  {
    name: 'digits-score',
    title: 'The same, batch 64: score',
    work: { kind: 'digits-score', batch: 64 },
    rate: true,
  },
  {
    name: 'ddpm-step',
    title: "DDPM's U-Net of width 64, 32×32, batch 16: Adam step",
    work: { kind: 'ddpm-step', batch: 16 },
    rate: true,
  },
  {
    name: 'ddpm-score',
    title: "DDPM's U-Net of width 64, 32×32, batch 16: score",
    work: { kind: 'ddpm-score', batch: 16 },
    rate: true,
  },
]
