import { samplerPresets } from '@sgm/samplers'
import * as v from 'valibot'
import type { Speed } from '../engine'
import type { Sampling } from '../sampling'
import { count, flag, number, oneOf, text, whole } from './kinds'
import { numbersAmong } from './names'
import type { Setting, Settings, SettingsOf } from './setting'

/** The run's folder, which the command line has as its argument. */
export const run: Setting<string> = { help: "the run's folder", kind: text, required: true }

/** Numbers by name, which the command line has as options of their own. */
export const numbers: Setting<Readonly<Record<string, number>>> = {
  help: 'numbers by name',
  kind: {
    schema: v.record(
      v.string(),
      v.custom<number>(Number.isFinite, 'to be a number'),
      'to be numbers by name',
    ),
    words: 'to be numbers by name',
  },
}

/** The options of {@link Speed}. */
export const speed: SettingsOf<Speed> = {
  device: { help: 'cpu|gpu: native, or WebGPU (cpu)', kind: oneOf(['cpu', 'gpu']), value: 'name' },
  threads: { help: 'threads of the native runtime', kind: number({ least: 1, most: 1024, whole: true }) },
  eager: { help: 'run without compiling, for debugging', kind: flag },
}

/** The options of {@link Sampling}, without its numbers. */
export const sampling: SettingsOf<Omit<Sampling, 'numbers'>> = {
  sampler: {
    help: "sgm samplers lists them (the process's own)",
    kind: oneOf(Object.keys(samplerPresets)),
    value: 'name',
  },
  steps: { help: '(as published for the sampler, or the process)', kind: count },
  seed: { help: 'sample i depends on the seed and i only (0)', kind: whole },
}

/** The numbers that samplers take. */
export const samplerNumbers: Settings = Object.fromEntries(
  Object.entries(numbersAmong(samplerPresets)).map(([name, help]) => [name, { help, kind: number() }]),
)

/** A file or a source of data. */
export const path = (help: string, value = 'file'): Setting<string> => ({ help, kind: text, value })
