import { thisProcess } from '../this-process.ts'
import { numbered } from './run.ts'

process.exitCode = await numbered(process.argv.slice(2), thisProcess())
