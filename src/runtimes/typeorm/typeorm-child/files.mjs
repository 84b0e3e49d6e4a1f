// Which file each migration came from: TypeORM itself forgets it.
const records = []
const failed = new WeakMap()

/** Notes what every file that TypeORM loads exports, and which file an error came from. */
export function recordFiles(imports) {
  const original = imports.importOrRequireFile
  imports.importOrRequireFile = async (file) => {
    try {
      const loaded = await original(file)
      records.push({ file, exported: loaded[0] })
      return loaded
    } catch (error) {
      if (typeof error === 'object' && error !== null) failed.set(error, file)
      throw error
    }
  }
}

/** The file that was being loaded when this error was thrown. */
export function failedFile(error) {
  return typeof error === 'object' && error !== null ? failed.get(error) : undefined
}

/** The file that exports a class; for classes that the DataSource lists itself, any file loaded by require. */
export function loadedFrom(constructor, cache) {
  const recorded = records.find(({ exported }) => holds(exported, constructor, 3))
  if (recorded) return recorded.file
  const required = Object.values(cache).find((module) => !module.id.includes('node_modules') && holds(module.exports, constructor, 1))
  return required?.filename
}

/** Files may export lists and objects of classes; a few levels are enough, and some exports are endless. */
function holds(exported, constructor, depth) {
  if (exported === constructor) return true
  if (typeof exported !== 'object' || exported === null || depth === 0) return false
  return Object.values(exported).some((value) => holds(value, constructor, depth - 1))
}
