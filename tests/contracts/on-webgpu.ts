/** What of the contracts does not take a GPU in software minutes, on eager tensors of WebGPU. */
export const onWebGpu =
  /any batch size|finite differences|alone and evaluates|^(mlp|dit with classes) compiled/
