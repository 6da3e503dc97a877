export { type Deserialized, deserialize } from './deserialize'
export { serialize } from './serialize'
