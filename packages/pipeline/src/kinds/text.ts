import { dispose, expected, type Tensor } from '@sgm/tensor'
import type { Parts } from '../parts'

/** What a text encoder gives, by what the pipelines take of it. */
export interface Encoded {
  /** `[texts, tokens, width]` */
  readonly hidden: Tensor
  /** `[texts, width]`, where it was asked for. */
  readonly pooled: Tensor | undefined
}

/** What to take of a text encoder. */
export interface Wanted {
  /** The last hidden state, or the one before. */
  readonly hidden: 'last' | 'penultimate'
  /** The output that sums a text up. @default none */
  readonly pooled?: 'text_embeds' | 'pooler_output'
  /** @default what the tokenizer says */
  readonly length?: number | undefined
}

/** Runs a text encoder on texts. @throws RangeError when it does not give what is wanted. */
export async function encoded(
  parts: Parts,
  part: string,
  texts: readonly string[],
  { hidden, pooled, length }: Wanted,
): Promise<Encoded> {
  const tokenizer = await parts.tokenizer(part.replace('text_encoder', 'tokenizer'))
  const model = await parts.model(part)
  const names = model.outputs.map(({ name }) => name)
  const states = names.filter((name) => name.startsWith('hidden_states.'))
  const chosen = hidden === 'last' ? 'last_hidden_state' : (states.at(-2) ?? 'hidden_states')
  for (const name of [chosen, ...(pooled ? [pooled] : [])]) {
    if (!names.includes(name)) throw expected('pipeline', `an output ${name} of ${part}`, names)
  }
  const tokens = tokenizer.encode(texts, length)
  try {
    const { inputs } = model
    const masked = inputs.some(({ name }) => name === 'attention_mask')
    const outputs = await model.run(
      { input_ids: tokens, ...(masked && { attention_mask: 1 }) },
      pooled ? [chosen, pooled] : [chosen],
    )
    return { hidden: outputs[chosen]!, pooled: pooled && outputs[pooled] }
  } finally {
    dispose(tokens)
  }
}
