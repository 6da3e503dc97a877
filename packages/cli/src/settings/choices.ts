/** What decides every bit of a training run. */
export interface RunIdentity {
  /** A density's name, `glyphs[:SIZE][:colour]`, `phantoms[:SIZE]`, or an absolute path. */
  readonly data: string
  /** The process, by its name in `processPresets`. */
  readonly sde: string
  /** The network, by its name in `networkPresets`. */
  readonly net: string
  /** What the network's output stands for. */
  readonly predict: string
  /** The numbers of the process, such as `{ sigmaMin: 0.01, sigmaMax: 50 }` of `ve`. */
  readonly numbers: Readonly<Record<string, number>>
  /** Channels of the first level, or of the hidden layers. */
  readonly width: number
  /** Residual blocks a level, or hidden layers; 0 where the number is fixed. */
  readonly blocks: number
  /** How noise levels count in the loss. */
  readonly weighting: string
  /** Data a step. */
  readonly batch: number
  /** Adam's learning rate. */
  readonly rate: number
  /** Steps over which the rate rises. */
  readonly warmUp: number
  /** Steps after which the rate falls as 1/√step; 0 for never. */
  readonly decayAfter: number
  /** Largest norm of the gradient; 0 for none. */
  readonly clip: number
  /** Decay of the moving average of the weights. */
  readonly ema: number
  /** Width of the average in shares of the training, whose weights grow as a power of the step; 0 for the decay `ema`. */
  readonly emaWidth: number
  /** Of weights, batches and noise. */
  readonly seed: number
  /** Whether the network is told the classes. */
  readonly labels: boolean
  /** Share of labels that are dropped in training. */
  readonly dropLabels: number
  /** Whether images are mirrored at random. */
  readonly flip: boolean
  /** Chance of each geometric transformation of an image, of which the network is told; 0 for none. */
  readonly augment: number
  /** Chance that training drops a number within the network. */
  readonly dropout: number
  /** Whether grey levels get uniform noise within them. */
  readonly dequantize: boolean
}

/** What may change when a run goes on. */
export interface RunLength {
  /** Steps in all. */
  readonly steps: number
  /** Steps between two checkpoints. */
  readonly saveEvery: number
  /** How many checkpoints to keep. */
  readonly keep: number
  /** Steps between two evaluations; 0 for none. */
  readonly evalEvery: number
  /** Steps between two lines of the log. */
  readonly logEvery: number
  /** Logs kept beside `log.jsonl`, with commas between: `csv`, `tensorboard`; or `none`. */
  readonly log: string
}
