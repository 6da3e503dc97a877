/** One page of every kind. */
export const kinds = [
  '',
  'learn/score',
  'guides/troubleshooting',
  'figures',
  'cli',
  'samplers/',
  'samplers/ddim',
  'processes/vp',
  'losses/denoising',
  'api/samplers/',
  'api/samplers/functions/sample',
  'search?q=score',
  'nowhere',
]
