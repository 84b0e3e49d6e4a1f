// The site is docs/ itself, copied to pages/ by scripts/site.mjs. `npm run site` builds it into site/.vitepress/dist and fails on a link that leads nowhere.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const docs = fileURLToPath(new URL('../../docs', import.meta.url))

/** The first heading of a page; without what the heading of its group says. */
function titleOf(page) {
  return (
    /^# (.+)$/m
      .exec(readFileSync(join(docs, page), 'utf8'))?.[1]
      ?.replaceAll('`', '')
      .replace(/: what changes for you$/, '') ?? page
  )
}

/** Pages by name, in the order given; with no names all of a folder. */
function pages(folder, names) {
  const all =
    names ??
    readdirSync(join(docs, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => name.slice(0, -3))
  return all.map((name) => ({ text: titleOf(join(folder, `${name}.md`)), link: `/${folder}/${name}` }))
}

const sidebar = [
  { text: 'Begin', items: [{ text: 'Why', link: '/' }, ...pages('guides', ['first-hour', 'install', 'adopt', 'leave'])] },
  { text: 'What changes for you', items: pages('tools') },
  { text: 'Work', items: pages('guides', ['new', 'dependencies', 'environments', 'code-migrations', 'make', 'data', 'library']) },
  { text: 'Operate', items: pages('guides', ['containers', 'hooks', 'backup', 'terminal']) },
  { text: 'Recover', items: pages('guides', ['repair']) },
  {
    text: 'Other tools’ commands',
    items: pages('guides', ['migrate-command', 'home-made-runners', 'diesel-command', 'typeorm-command', 'alembic-command']),
  },
  { text: 'Reference', items: pages('reference') },
  {
    text: 'How it is built',
    items: [{ text: 'Architecture', link: '/architecture' }, ...pages('guides', ['add-a-source', 'add-a-history'])],
  },
  { text: 'Decisions', collapsed: true, items: pages('decisions') },
]

export default defineConfig({
  title: 'Skein',
  description: 'One migration engine for a whole platform of PostgreSQL services.',
  srcDir: 'pages',
  cleanUrls: true,
  lastUpdated: false,
  markdown: { config: outsideLinks },
  themeConfig: {
    sidebar: listed(sidebar),
    outline: [2, 3],
    search: { provider: 'local' },
  },
})

/** Every page stands in the sidebar, once: a page that nobody finds is not written. */
function listed(groups) {
  const links = groups.flatMap((group) => group.items.map((item) => item.link))
  const there = readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && path !== 'index.md')
    .map((path) => `/${path.slice(0, -3)}`)
  const missing = there.filter((link) => !links.includes(link))
  const twice = links.filter((link, at) => links.indexOf(link) !== at)
  if (missing.length + twice.length > 0) throw new Error(`not once in the sidebar: ${[...missing, ...twice].join(', ')}`)
  return groups
}

/** A link from a page into the rest of the repository has no page here: its words stay, as the path that they name. test/docs checks that it is there. */
function outsideLinks(markdown) {
  const render = markdown.renderer.rules.link_open ?? ((tokens, at, options, _env, self) => self.renderToken(tokens, at, options))
  markdown.core.ruler.push('outside', (state) => {
    for (const token of state.tokens) {
      for (const link of token.children ?? []) {
        const href = link.type === 'link_open' ? link.attrGet('href') : null
        if (href === null || /^[a-z]+:|^#/.test(href)) continue
        const path = relative(docs, normalize(join(docs, dirname(state.env.relativePath ?? ''), href)))
        if (path.startsWith('..') || /\.json$/.test(path)) {
          link.tag = 'span'
          link.attrs = [['title', path.replace(/^(\.\.\/)+/, '')]]
          const close = token.children.slice(token.children.indexOf(link)).find((one) => one.type === 'link_close')
          close.tag = 'span'
        }
      }
    }
  })
  markdown.renderer.rules.link_open = render
}
