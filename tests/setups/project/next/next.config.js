// One copy of tfjs for all of a server, from node_modules, where it finds its WASM files.
export default { serverExternalPackages: ['@sgm/tensor', '@tensorflow/tfjs'] }
