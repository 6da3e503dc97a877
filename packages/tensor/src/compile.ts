/** What executors are written with: graphs, the kernels they are made of, and how functions become graphs. */
export * from './compile/index'
export { type DrawMaker, makeDrawsWith } from './random/device-draw'
export { blockKey, type Draw, type DrawOf, hostValues } from './random/host-values'
export { floatsIn } from './random/transforms'
