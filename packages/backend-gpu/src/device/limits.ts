/** Limits that a device has from its adapter, not the least that WebGPU guarantees: large tensors, wide workgroups, many buffers a kernel. */
const wanted = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const

/** Features that are used where they are there. */
const useful: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups']

/** What to ask an adapter for. */
export function deviceDescriptor({ limits, features }: GPUAdapter): GPUDeviceDescriptor {
  return {
    requiredLimits: Object.fromEntries(wanted.map((name) => [name, limits[name]])),
    requiredFeatures: useful.filter((name) => features.has(name)),
  }
}
