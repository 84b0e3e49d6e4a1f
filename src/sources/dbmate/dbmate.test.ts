import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Tree, treeFolder } from '../folders.contract.ts'
import { findingLine, sourceContract } from '../source.contract.ts'
import { dbmate } from './index.ts'

sourceContract(dbmate, join(import.meta.dirname, '__fixtures__', 'tree'), {
  score: 2,
  annotated: true,
  migrations: [
    '001 | dash.up | 001-dash.up | up, down | always',
    '12 | 12 | 12 | up, down | always',
    '20240101120000 | create_users | 20240101120000_create_users | up, down | always',
    '20240102120000 | touch_function | 20240102120000_touch_function | up, down | always',
    '20240103120000 | index_concurrently | 20240103120000_index_concurrently | up, down | implicit',
    '20240104120000 | vacuum | 20240104120000_vacuum | up, down | implicit',
    '20240201120000 | no_up | 20240201120000_no_up | up | always',
    '20240202120000 | no_down | 20240202120000_no_down | up | always',
    '20240203120000 | down_first | 20240203120000_down_first | up | always',
    '20240204120000 | statement_before | 20240204120000_statement_before | up | always',
    '20240205120000 | two_downs | 20240205120000_two_downs | up | always',
    '20240206120000 | pairs | 20240206120000_pairs | up | always',
    '20240207120000 | empty | 20240207120000_empty | up | always',
  ],
  findings: [
    'error DBMATE-BLOCKS 20240201120000_no_up.sql',
    'error DBMATE-BLOCKS 20240202120000_no_down.sql',
    'error DBMATE-BLOCKS 20240203120000_down_first.sql',
    'error DBMATE-BLOCKS 20240204120000_statement_before.sql',
    'error DBMATE-BLOCKS 20240205120000_two_downs.sql',
    'error DBMATE-PAIRS 20240206120000_pairs.sql',
    'error DBMATE-BLOCKS 20240207120000_empty.sql',
    'note SOURCE-IGNORED 20240208_shouting.SQL',
    'error SOURCE-FOLDER 20240301_folder.sql',
    'note SOURCE-IGNORED README.md',
    'note SOURCE-IGNORED docs',
    'note SOURCE-IGNORED users.sql',
    'warning SOURCE-GAP 12.sql',
  ],
})

const read = (content: Tree) => dbmate.read([treeFolder(content)])
const blocks = '-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n'
const only = (text: string) => {
  const { migrations, findings } = read({ '1_a.sql': text })
  const { up, down, sending, downSending } = migrations[0] ?? {}
  return {
    up: up?.kind === 'sql' ? up.text() : null,
    down: down?.kind === 'sql' ? down.text() : null,
    sending: `${sending} ${downSending ?? sending}`,
    said: findings.map((one) => `${one.place?.line} ${one.message}`),
  }
}

describe('dbmate', () => {
  it('sends each block whole with its marker, on the lines where it stands', () => {
    expect(only(`-- about\n\n${blocks}`)).toEqual({
      up: '\n\n-- migrate:up\nselect 1;\n',
      down: '\n\n\n\n-- migrate:down\nselect 2;\n',
      sending: 'always always',
      said: [],
    })
    expect(only('-- migrate:up\r\nselect 1;\r\n-- migrate:down\r\n').up).toBe('-- migrate:up\r\nselect 1;\r\n')
  })

  it('reads transaction:false for each block, wherever it stands on the line', () => {
    const sending = (up: string, down: string) => only(`-- migrate:up${up}\nselect 1;\n-- migrate:down${down}\n`).sending
    expect(sending(' transaction:false', '')).toBe('implicit always')
    expect(sending('', ' transaction:false')).toBe('always implicit')
    expect(sending(' foo transaction:false\r', ' transaction:true')).toBe('implicit always')
    expect(sending('\nselect 1; -- transaction:false', '')).toBe('always always')
  })

  it('does not take for a marker what is none', () => {
    for (const up of [' -- migrate:up', '-- MIGRATE:UP', '-- migrate:upper', '\ufeff-- migrate:up']) {
      expect(only(`${up}\n-- migrate:down\n`).said[0]).toMatch(/define an up block/)
    }
    expect(only("-- migrate:up\nselect ' -- migrate:down';\n-- migrate:down\n").up).toContain("' -- migrate:down'")
  })

  it('has a hash of each block', () => {
    const hashes = (text: string) => [
      read({ '1_a.sql': text }).migrations[0]?.up?.sha256(),
      read({ '1_a.sql': text }).migrations[0]?.down?.sha256(),
    ]
    const [before, after] = [hashes(blocks), hashes(blocks.replace('select 2', 'select 3'))]
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
  })

  it('orders by the names of files, as dbmate does, and says where that is not the order of numbers', () => {
    const { migrations, findings } = read({ '1_z.sql': blocks, '2_c.sql': blocks, '10_a.sql': blocks })
    expect(migrations.map((migration) => migration.version)).toEqual(['10', '1', '2'])
    expect(findings.map(findingLine)).toContain('warning TRAP-ORDER migrations/10_a.sql')
  })

  it('refuses names that dbmate sorts in another way than by their versions', () => {
    const { findings } = read({ '1-a.sql': blocks, '10-b.sql': blocks })
    expect(findings.map(findingLine)).toContain('error TRAP-ORDER migrations/10-b.sql')
  })

  it('keeps zeros in front, so that 1 and 001 are two', () => {
    expect(read({ '1_a.sql': blocks, '001_b.sql': blocks }).migrations).toHaveLength(2)
    expect(dbmate.parseVersion('001')).toBe('001')
    const { findings } = read({ '1_a.sql': blocks, '1_b.sql': blocks })
    expect(findings.map(findingLine)).toContain('error SOURCE-DUPLICATE migrations/1_b.sql')
  })
})
