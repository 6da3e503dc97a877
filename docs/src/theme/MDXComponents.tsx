import Live from '@site/src/live/Live'
import MDXComponents from '@theme-original/MDXComponents'

/** What pages use without importing it. */
export default { ...MDXComponents, Live }
