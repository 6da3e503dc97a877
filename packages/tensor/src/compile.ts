/** What executors are written with: graphs, the kernels they are made of, and how functions become graphs. */
export * from './compile/index'
