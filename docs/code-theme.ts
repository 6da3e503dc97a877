import type { PrismTheme } from 'prism-react-renderer'

const style = (name: string) => ({ color: `var(--sgm-code-${name})` })

/**
 * One theme for light and dark: its colours are variables of `custom.css`, so that a page that is not alive yet has those of the reader's
 * mode.
 */
export const codeTheme: PrismTheme = {
  plain: { color: 'var(--sgm-code-ink)', backgroundColor: 'var(--sgm-code-ground)' },
  styles: [
    { types: ['comment', 'prolog', 'doctype', 'cdata'], style: { ...style('comment'), fontStyle: 'italic' } },
    {
      types: ['string', 'char', 'attr-value', 'template-string', 'inserted', 'regex'],
      style: style('string'),
    },
    { types: ['number', 'boolean', 'constant', 'variable', 'symbol'], style: style('number') },
    { types: ['keyword', 'atrule', 'selector', 'tag', 'operator', 'deleted'], style: style('keyword') },
    { types: ['function', 'class-name', 'builtin', 'attr-name', 'property'], style: style('name') },
    { types: ['punctuation'], style: style('ink') },
  ],
}
