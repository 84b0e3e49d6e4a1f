import { thisProcess } from '../this-process.ts'
import { stamped } from './run.ts'

process.exitCode = await stamped(process.argv.slice(2), thisProcess())
