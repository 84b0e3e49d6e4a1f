import { exitCodes } from '../../../model/exit-codes.ts'
import type { Topic } from '../topic.ts'

export const exitCodesTopic: Topic = {
  name: 'exit-codes',
  about: 'the numbers that scripts may rely on',
  text: `${Object.entries(exitCodes)
    .map(([code, means]) => `  ${code.padEnd(7)}  ${means}`)
    .join('\n')}

Every verb has these and no others. 9 only where it is asked for: --check of
status, plan and run, and health. With --json an error is data too: { "error":
{ "code": … } } on stdout, with the same exit code.

Behind \`skein as TOOL\`, and as the commands migrate and migrator, it is that
tool's own numbers.

  skein help errors         every error code with its number
  skein status --check      in a script: 0, 7 or 9`,
  more: ['reference/errors.md', 'reference/json.md'],
}
