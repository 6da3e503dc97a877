import { expected, type Tensor, tensor } from '@sgm/tensor'
import { clipTokenizer } from './clip-tokenizer'
import type { Folder, Json } from './folder'

/** Texts as the numbers of their tokens. */
export interface Tokenizer {
  /**
   * Cuts or pads every text to one length; the token that ends a text stays.
   *
   * @param length @default what the tokenizer's configuration says
   * @returns `[texts, length]`
   */
  encode(texts: readonly string[], length?: number): Tensor
}

/**
 * The tokenizer of a folder: `tokenizer.json`, or, as CLIP's on the hub, `vocab.json` and `merges.txt`.
 *
 * @throws Error that says what to install, where the package `@huggingface/tokenizers` is not there.
 * @throws RangeError when the folder has neither, or no token to pad with.
 */
export async function openTokenizer(folder: Folder, name: string): Promise<Tokenizer> {
  const optional = (file: string): Promise<Json> | Json =>
    folder.has(`${name}/${file}`) ? folder.json(`${name}/${file}`) : {}
  const config = await optional('tokenizer_config.json')
  const { pad_token } = { ...(await optional('special_tokens_map.json')), ...config }
  const { Tokenizer } = await load()
  const tokenizer = made(name, Tokenizer, await definition(folder, name), config)
  const pad = tokenizer.token_to_id(contentOf(pad_token))
  if (pad === undefined)
    throw expected('openPipeline', `a pad_token in ${name}/tokenizer_config.json`, pad_token)
  const { model_max_length: own } = config
  return {
    encode(texts, length = typeof own === 'number' && own < 1e6 ? own : 77) {
      return tensor(texts.map((text) => fitted(tokenizer.encode(text).ids, length, pad)))
    },
  }
}

/** @throws RangeError where the package cannot read what the folder has. */
function made<T>(
  name: string,
  Tokenizer: new (tokenizer: object, config: Json) => T,
  definition: object,
  config: Json,
): T {
  try {
    return new Tokenizer(definition, config)
  } catch (cause) {
    throw new RangeError(
      `openPipeline: expected a tokenizer that @huggingface/tokenizers reads in ${name}, got another`,
      { cause },
    )
  }
}

async function definition(folder: Folder, name: string): Promise<object> {
  if (folder.has(`${name}/tokenizer.json`)) return folder.json(`${name}/tokenizer.json`)
  const [vocabulary, merges] = [`${name}/vocab.json`, `${name}/merges.txt`]
  if (!folder.has(vocabulary)) {
    throw expected('openPipeline', `${name}/tokenizer.json, or vocab.json and merges.txt beside it`, 'none')
  }
  return clipTokenizer(await folder.json(vocabulary), await folder.text(merges))
}

/** A token by its text, or as an object that has it. */
function contentOf(token: unknown): string {
  const isObject = typeof token === 'object' && token !== null && 'content' in token
  return String(isObject ? token.content : token)
}

function fitted(ids: readonly number[], length: number, pad: number): number[] {
  if (ids.length > length) return [...ids.slice(0, length - 1), ids.at(-1)!]
  return [...ids, ...Array.from({ length: length - ids.length }, () => pad)]
}

async function load(): Promise<typeof import('@huggingface/tokenizers')> {
  try {
    return await import('@huggingface/tokenizers')
  } catch (cause) {
    const message =
      'openPipeline: expected the package @huggingface/tokenizers to be installed (npm install @huggingface/tokenizers)'
    throw new Error(message, { cause })
  }
}
