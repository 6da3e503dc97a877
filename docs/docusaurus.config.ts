import type { Options } from '@docusaurus/plugin-content-docs'
import type { ThemeConfig } from '@docusaurus/preset-classic'
import type { Config } from '@docusaurus/types'
import rehypeKatex from 'rehype-katex'
import remarkMath from 'remark-math'
import { codeTheme } from './code-theme'
import equations from './equations.rehype.mjs'
import examples from './examples.remark'
import labels from './labels'
import particles from './particles.remark'
import published from './published'

/** Formulas beside each other stand below each other where the screen is narrow. */
const macros = { '\\qquad': '\\allowbreak\\phantom{\\rule{2em}{0em}}\\allowbreak' }

const baseUrl = process.env.DOCS_BASE ?? '/sgm/'

const config: Config = {
  title: 'sgm',
  tagline: 'Score-based generative modelling in TypeScript',
  favicon: 'img/logo.svg',
  // Where the site is published is the publisher's to say.
  url: process.env.DOCS_URL ?? 'https://example.org',
  baseUrl,
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  future: { v4: true, faster: true },
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'ko'],
    localeConfigs: { en: { label: 'English', htmlLang: 'en' }, ko: { label: '한국어', htmlLang: 'ko' } },
  },
  markdown: {
    // TypeDoc's pages are .md and hold braces and angle brackets: only .mdx is MDX.
    format: 'detect',
    hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
  },
  presets: [
    [
      '@docusaurus/preset-classic',
      {
        docs: false,
        blog: false,
        pages: false,
        sitemap: process.env.DOCS_URL ? {} : false,
        theme: { customCss: [require.resolve('katex/dist/katex.min.css'), './src/css/custom.css'] },
      },
    ],
  ],
  themes: [
    [
      '@easyops-cn/docusaurus-search-local',
      {
        language: ['en', 'ko'],
        hashed: 'filename',
        indexBlog: false,
        // Formulas are there twice: once to be seen, once to be read aloud.
        ignoreCssSelectors: ['.katex-mathml'],
        docsRouteBasePath: '/',
        highlightSearchTermsOnTargetPage: true,
        explicitSearchResultPath: true,
        searchBarShortcutHint: true,
        // One letter in two is another word in Korean.
        fuzzyMatchingDistance: process.env.DOCUSAURUS_CURRENT_LOCALE === 'ko' ? 0 : 1,
      },
    ],
  ],
  plugins: [
    published,
    labels,
    [
      './lean-docs.ts',
      {
        routeBasePath: '/',
        sidebarPath: './sidebars.ts',
        beforeDefaultRemarkPlugins: [examples],
        remarkPlugins: [remarkMath, particles],
        rehypePlugins: [[rehypeKatex, { strict: 'error', throwOnError: true, macros }], equations],
      } satisfies Options,
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: true } },
    navbar: {
      title: 'sgm',
      logo: { alt: '', src: 'img/logo.svg', srcDark: 'img/logo-dark.svg', width: 28, height: 28 },
      items: [
        { to: '/', label: 'Guide', position: 'left', activeBaseRegex: `^${baseUrl}(ko/)?$` },
        { to: '/learn/', label: 'Learn', position: 'left' },
        { to: '/samplers/', label: 'Samplers', position: 'left' },
        { to: '/processes/', label: 'Processes', position: 'left' },
        { to: '/losses/', label: 'Losses', position: 'left' },
        { type: 'docSidebar', sidebarId: 'api', label: 'API', position: 'left' },
        { type: 'localeDropdown', position: 'right' },
      ],
    },
    footer: { copyright: 'sgm is free software under the MIT licence.' },
    prism: { theme: codeTheme, darkTheme: codeTheme, additionalLanguages: ['bash', 'json'] },
    tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
  } satisfies ThemeConfig,
}

export default config
