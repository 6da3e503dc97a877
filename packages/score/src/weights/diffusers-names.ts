/** What diffusers calls the parts of residual blocks and of attention. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  norm1: ['norm1'],
  conv1: ['conv1'],
  time: ['time_emb_proj'],
  norm2: ['norm2'],
  conv2: ['conv2'],
  shortcut: ['conv_shortcut'],
  query: ['to_q', 'query'],
  key: ['to_k', 'key'],
  value: ['to_v', 'value'],
  output: ['to_out.0', 'proj_attn'],
}

const WHOLE: Readonly<Record<string, string>> = {
  'time.linear1': 'time_embedding.linear_1',
  'time.linear2': 'time_embedding.linear_2',
  'classes.linear1': 'class_embedding.linear_1',
  'classes.linear2': 'class_embedding.linear_2',
  'added.linear1': 'add_embedding.linear_1',
  'added.linear2': 'add_embedding.linear_2',
  input: 'conv_in',
  'output.norm': 'conv_norm_out',
  'output.conv': 'conv_out',
}

/** Of attention with a context: `<i>.<part>`. */
const INNER: Readonly<Record<string, string>> = {
  self: 'attn1',
  cross: 'attn2',
  linear1: 'ff.net.0.proj',
  linear2: 'ff.net.2',
}

/**
 * What diffusers may call a parameter of a U-Net: ours are `<way>.<level>.<i>.<block or attention>.<part>.<leaf>`, `middle.<i>.…` or
 * `<way>.<level>.sample.<leaf>`.
 */
export function theirNames(name: string, bottom: number): readonly string[] {
  if (name === 'classes.table') return ['class_embedding.weight']
  const [, module, leaf] = /^(.+)\.(weight|bias)$/.exec(name)!
  const whole = WHOLE[module!]
  if (whole) return [`${whole}.${leaf}`]
  const path = module!.split('.')
  const way = path.shift()!
  const level = way === 'middle' ? 0 : Number(path.shift())
  const parent =
    way === 'middle' ? 'mid_block' : way === 'down' ? `down_blocks.${level}` : `up_blocks.${bottom - level}`
  if (path[0] === 'sample') {
    return [`${parent}.${way === 'down' ? 'downsamplers' : 'upsamplers'}.0.conv.${leaf}`]
  }
  const [i, kind, ...parts] = path as [string, string, ...string[]]
  const list = kind === 'block' ? 'resnets' : 'attentions'
  return theirParts(parts, kind).map((theirs) => `${parent}.${list}.${i}.${theirs}.${leaf}`)
}

function theirParts([first, second, third]: readonly string[], kind: string): readonly string[] {
  if (second !== undefined) {
    const part = third === undefined ? '' : `.${PARTS[third]![0]}`
    return [`transformer_blocks.${first}.${INNER[second] ?? second}${part}`]
  }
  if (kind === 'block') return PARTS[first!]!
  // Of plain attention, and of attention with a context.
  if (first === 'norm') return ['group_norm', 'norm']
  if (first === 'input') return ['proj_in']
  return first === 'output' ? [...PARTS.output!, 'proj_out'] : PARTS[first!]!
}
