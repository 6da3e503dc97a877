import { holds, type Row, written } from '../measure'
import type { Section } from '../section'

/** A picture's files, beside the page. */
export interface FigureFiles {
  readonly caption: string
  /** For readers who do not see it. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly light: string
  readonly dark: string
  /** What is shown instead where there is an animation and less motion is asked for. */
  readonly still?: { readonly light: string; readonly dark: string }
}

/** A section whose figures are files. */
export interface PageSection extends Omit<Section, 'figures'> {
  readonly figures: readonly FigureFiles[]
  readonly seconds: number
}

/** What the page says of the run. */
export interface PageFacts {
  readonly date: string
  readonly machine: string
  readonly versions: string
  readonly seconds: number
}

/** The report as one page of HTML that needs no script. */
export function page(sections: readonly PageSection[], facts: PageFacts): string {
  const rows = sections.flatMap((section) => section.rows)
  const held = rows.filter(holds).length
  const contents = sections.map(({ title }, i) => `<li><a href="#${idOf(i)}">${escaped(title)}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Score-based generative modelling: a report</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Score-based generative modelling</h1>
<p>What the demo made and measured. Each quantity stands beside its true value, or beside a bound where no true value is known.</p>
<p class="verdict"><strong>${held} of ${rows.length}</strong> quantities within tolerance, ${duration(facts.seconds)}.</p>
<dl>
<dt>Made</dt><dd>${escaped(facts.date)}</dd>
<dt>Machine</dt><dd>${escaped(facts.machine)}</dd>
<dt>Versions</dt><dd>${escaped(facts.versions)}</dd>
</dl>
<nav aria-label="Sections"><ol>${contents.join('')}</ol></nav>
</header>
<main>
${sections.map(sectionOf).join('\n')}
</main>
</body>
</html>
`
}

function sectionOf({ title, text, figures, rows, seconds }: PageSection, i: number): string {
  return `<section id="${idOf(i)}" aria-labelledby="${idOf(i)}-title">
<h2 id="${idOf(i)}-title">${escaped(title)}</h2>
<p>${escaped(text)}</p>
${figures.map(figureOf).join('\n')}
${rows.length > 0 ? table(rows) : ''}
<p class="time">${duration(seconds)}</p>
</section>`
}

function figureOf({ caption, description, width, height, light, dark, still }: FigureFiles): string {
  const calm = '(prefers-reduced-motion: reduce)'
  const night = '(prefers-color-scheme: dark)'
  const sources = [
    ...(still ? [source(`${calm} and ${night}`, still.dark), source(calm, still.light)] : []),
    source(night, dark),
  ]
  return `<figure>
<picture>${sources.join('')}<img src="${light}" alt="${escaped(description)}" width="${width}" height="${height}"></picture>
<figcaption>${escaped(caption)}</figcaption>
</figure>`
}

function source(media: string, file: string): string {
  return `<source media="${media}" srcset="${file}">`
}

function table(rows: readonly Row[]): string {
  const evaluated = rows.some(({ evaluations }) => evaluations !== undefined)
  const body = rows.map((row) => {
    const { measured, truth, tolerance } = written(row)
    const verdict = holds(row) ? '<td class="held">✓ held</td>' : '<td class="missed">✗ missed</td>'
    return `<tr><th scope="row">${escaped(row.quantity)}</th><td>${measured}</td><td>${truth}</td><td>${tolerance}</td>${evaluated ? `<td>${row.evaluations ?? ''}</td>` : ''}${verdict}</tr>`
  })
  return `<div class="table"><table>
<thead><tr><th scope="col">quantity</th><th scope="col">measured</th><th scope="col">true</th><th scope="col">tolerance</th>${evaluated ? '<th scope="col">evaluations</th>' : ''}<th scope="col">verdict</th></tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`
}

function idOf(i: number): string {
  return `section-${i + 1}`
}

function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const STYLE = `
:root{color-scheme:light dark;--background:#fff;--ink:#1b1f24;--muted:#59636e;--rule:#d8dde2;--link:#0b5fa5;--held:#00704f;--missed:#a83a00}
@media (prefers-color-scheme:dark){:root{--background:#14181d;--ink:#e8ebee;--muted:#9aa4ae;--rule:#343b43;--link:#7cc0f0;--held:#4fd0a4;--missed:#ff9d66}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:72rem;background:var(--background);color:var(--ink);font:1rem/1.6 Inter,system-ui,-apple-system,'Segoe UI',sans-serif}
h1{margin:0;font-size:2rem;line-height:1.2}
h2{margin:0 0 .5rem;font-size:1.4rem;line-height:1.3}
p{max-width:46rem;margin:.5rem 0}
a{color:var(--link)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:1rem 0;color:var(--muted)}
dd{margin:0}
nav ol{columns:2 20rem;padding-left:1.5rem}
section{margin-top:3rem;padding-top:1.5rem;border-top:1px solid var(--rule)}
figure{margin:1.25rem 0}
img{display:block;max-width:100%;height:auto}
figcaption{max-width:46rem;margin-top:.4rem;color:var(--muted);font-size:.9rem}
.table{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
th:first-child{text-align:left;font-weight:400;white-space:normal}
thead th{color:var(--muted);font-weight:400}
.held{color:var(--held)}
.missed{color:var(--missed);font-weight:600}
.time{color:var(--muted);font-size:.9rem}
@media print{section{break-inside:avoid}}
`
