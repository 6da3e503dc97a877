/** What of the contracts does not take a GPU in software minutes, on eager tensors of WebGPU. */
export const onWebGpu = /any batch size|finite differences|alone and evaluates|^mlp compiled/

/** The same in a page, where attention is new: in Node every network is trained on a GPU. */
export const onWebGpuOfPages = new RegExp(`${onWebGpu.source}|^dit with classes compiled`)
