/** The file of a run's configuration. */
export const CONFIG = 'config.json'

/** The file of a run's weights. */
export const CHECKPOINT = 'checkpoint.safetensors'
