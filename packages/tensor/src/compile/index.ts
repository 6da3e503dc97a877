export { type Compiled, type CompileOptions, compile } from './compile'
export type * from './executor'
export type * from './graph'
export { reference } from './reference'
