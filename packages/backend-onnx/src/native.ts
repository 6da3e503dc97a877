/** What only the native runtime has use for: pages download none of it. */

export { mergesOf } from './lower/merges'
export { Sharing } from './sharing'
