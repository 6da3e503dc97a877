export { type Deserialized, type DeserializeOptions, deserialize } from './deserialize'
export { widenHalf } from './dtypes'
export { serialize } from './serialize'
