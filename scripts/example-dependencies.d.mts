/** Installs node_modules and the venv of the examples; `python`: why there is no Python environment. */
export function installExampleDependencies(): { python: string | undefined }
/** Links what is installed beside the examples into a copy of examples/, or of one of its folders. */
export function linkExampleDependencies(copy: string, folder?: string): void
/** True for a folder that a copy of the examples leaves out. */
export function isInstalled(path: string): boolean
