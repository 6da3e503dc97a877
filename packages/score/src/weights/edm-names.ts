import type { TorchNames } from './torch'

/** What EDM calls the parts of a block, whose attention is one with it. */
const PARTS: Readonly<Record<string, string>> = {
  'block.norm1': 'norm0',
  'block.conv1': 'conv0',
  'block.time': 'affine',
  'block.norm2': 'norm1',
  'block.conv2': 'conv1',
  'block.shortcut': 'skip',
  'attention.norm': 'norm2',
  'attention.query': 'query',
  'attention.key': 'key',
  'attention.value': 'value',
  'attention.output': 'proj',
}

/** EDM's names of the parameters of a U-Net for images of a size; `query`, `key` and `value` are the parts of its `qkv`. */
export function edmNames(size: number, levels: number): TorchNames {
  const at = (level: number): string => `${size / 2 ** level}x${size / 2 ** level}`
  const whole: Readonly<Record<string, readonly string[]>> = {
    'time.linear1': ['map_layer0'],
    'time.linear2': ['map_layer1'],
    input: [`enc.${at(0)}_conv`],
    'output.norm': ['out_norm', `dec.${at(0)}_aux_norm`],
    'output.conv': ['out_conv', `dec.${at(0)}_aux_conv`],
  }
  const parentOf = (way: string, level: number, what: string): string => {
    if (way === 'middle') return `dec.${at(levels - 1)}_in${level}`
    const side = way === 'down' ? 'enc' : 'dec'
    if (what === 'sample') return way === 'down' ? `enc.${at(level + 1)}_down` : `dec.${at(level - 1)}_up`
    return `${side}.${at(level)}_block${what}`
  }
  return (name) => {
    if (name === 'time.frequencies') return ['map_noise.freqs']
    if (name === 'classes.table') return ['classes.W']
    const [, module, leaf] = /^(.+)\.(weight|bias)$/.exec(name)!
    const known = whole[module!]
    if (known) return known.map((theirs) => `${theirs}.${leaf}`)
    const [way, level, ...rest] = module!.split('.') as [string, string, ...string[]]
    if (rest[0] === 'pyramid') {
      return way === 'down'
        ? ['residual', 'skip'].map((kind) => `enc.${at(Number(level) + 1)}_aux_${kind}.${leaf}`)
        : [`dec.${at(Number(level))}_aux_${rest[1]}.${leaf}`]
    }
    const what = way === 'middle' ? '' : rest.shift()!
    // A block that resamples is a block itself.
    const part = what === 'sample' ? ['block', ...rest] : rest
    return [`${parentOf(way, Number(level), what)}.${PARTS[part.join('.')]}.${leaf}`]
  }
}
