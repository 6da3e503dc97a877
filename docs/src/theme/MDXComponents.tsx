import Table from '@site/src/components/Table'
import Live from '@site/src/live/Live'
import Section from '@site/src/live/Section'
import MDXComponents from '@theme-original/MDXComponents'

/** What pages use without importing it. */
export default { ...MDXComponents, h2: Section, table: Table, Live }
