import { processPresets } from '@sgm/sde'
import { densityNames } from '../densities'
import type { RunIdentity, RunLength } from './choices'
import { count, flag, number, oneOf, positive, someOf, text, whole } from './kinds'
import { numbersAmong, offered } from './names'
import type { Settings, SettingsOf } from './setting'

const named = (option: keyof typeof offered, otherwise: string) => {
  const kind = oneOf(Object.keys(offered[option]))
  return { help: `${kind.words} (${otherwise})`, kind, value: 'name' }
}

/**
 * What decides every bit of a training run. Options, help, the checks of both and of `config.json`, and what is compared when a
 * run goes on derive from here; an omission does not compile.
 */
export const identitySettings: SettingsOf<Omit<RunIdentity, 'numbers'>> = {
  data: {
    help: `glyphs[:SIZE][:colour], phantoms[:SIZE], path[:SIZE], ${densityNames[0]}, … (glyphs)`,
    kind: text,
    value: 'what',
  },
  net: named('net', 'the first that fits'),
  sde: named('sde', "the network's own"),
  batch: { help: 'data a step', kind: number({ least: 1, most: 1_000_000, whole: true }) },
  rate: { help: "Adam's learning rate", kind: positive, value: 'r' },
  warmUp: { help: 'steps over which the rate rises', kind: whole },
  decayAfter: { help: 'steps after which the rate falls as 1/√step, 0 for never', kind: whole },
  clip: { help: 'largest norm of the gradient, 0 for none (1)', kind: number({ least: 0 }), value: 'c' },
  ema: { help: 'decay of the averaged weights', kind: number({ least: 0, below: 1 }), value: 'd' },
  emaWidth: {
    help: 'its width in shares of the training; 0 for --ema',
    kind: number({ least: 0, below: 0.288 }),
    value: 'w',
  },
  width: { help: "the network's base channels", kind: number({ least: 1, most: 8192, whole: true }) },
  blocks: {
    help: 'residual blocks a level; hidden layers of mlp',
    kind: number({ least: 0, most: 64, whole: true }),
  },
  predict: named('predict', "the network's or process's"),
  weighting: named('weighting', "the network's own"),
  labels: { help: 'condition on the classes, for sgm class', kind: flag },
  dropLabels: { help: 'share of labels dropped (0.1)', kind: number({ least: 0, most: 1 }), value: 'p' },
  flip: { help: 'mirror images at random', kind: flag },
  augment: {
    help: 'chance of each way to turn, shift, … an image, which is told (0)',
    kind: number({ least: 0, most: 1 }),
    value: 'p',
  },
  dropout: { help: 'chance that a number is dropped (0)', kind: number({ least: 0, below: 1 }), value: 'p' },
  dequantize: { help: 'keep grey levels without noise within them', kind: flag, off: true },
  seed: { help: 'of weights, batches and noise (0)', kind: whole },
}

/** What may change when a run goes on. */
export const lengthSettings: SettingsOf<RunLength> = {
  steps: { help: 'steps in all; may be raised later', kind: count },
  saveEvery: { help: 'steps between checkpoints', kind: count },
  keep: {
    help: 'checkpoints to keep, to return to (1)',
    kind: number({ least: 1, most: 1000, whole: true }),
  },
  evalEvery: { help: 'steps between pictures of samples, 0 for none', kind: whole },
  logEvery: { help: 'steps between lines of the log', kind: count },
  log: {
    help: 'logs beside log.jsonl: csv, tensorboard, or both (none)',
    kind: someOf(['csv', 'tensorboard']),
    value: 'kinds',
  },
}

/** The numbers that processes take. */
export const numberSettings: Settings = Object.fromEntries(
  Object.entries(numbersAmong(processPresets)).map(([name, help]) => [name, { help, kind: number() }]),
)
