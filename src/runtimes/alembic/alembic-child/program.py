"""The service's Alembic, found and loaded: its configuration and its revisions."""

import inspect
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

from .common import same, version
from .ends import Refused


class Program:
    """The service's Alembic: its configuration, its revisions, its env.py."""

    def __init__(self, settings):
        self.settings = settings
        self.config = self.script = self._parser = None

    def load(self):
        """The configuration and all revision files, which Alembic imports. Once."""
        if self.script is None:
            config, script = self._find_script()
            # What is imported at all is imported here: a file that cannot be says so now.
            list(script.walk_revisions())
            if os.environ.get("SKEIN_SCRATCH") == "1":
                beside("scratch").lead_to_scratch()
            self.config, self.script = config, script
        return self.script

    def _find_script(self):
        """The nearest configuration that is about our folder; one that was named is taken, and has to be."""
        from alembic.script import ScriptDirectory
        from alembic.util import CommandError

        given, folder = self.settings.get("config"), self.settings["folder"]
        for path in [given] if given else self.settings["configs"]:
            os.chdir(self.settings.get("cwd") or os.path.dirname(path))
            config, kept, script = self._read_config(path), sys.path[:], None
            try:
                # Puts prepend_sys_path into sys.path, which script_location = package:folder may need.
                script = ScriptDirectory.from_config(config)
            except (CommandError, ImportError) as error:
                if given and isinstance(error, ImportError):
                    raise
            if script is not None and same(script.dir, folder):
                return config, script
            sys.path[:] = kept
            if given:
                raise Refused("load", "%s: script_location is %s" % (self.relative(path), self._location(script)))
        if not os.path.exists(os.path.join(folder, "env.py")):
            raise Refused("load", "%s has no env.py" % self.relative(folder), "name the folder that has env.py and versions/")
        home = self.settings.get("cwd") or os.path.dirname(folder)
        os.chdir(home)
        # Without a file there is no prepend_sys_path: the program is its own root, as with `python -m program`.
        sys.path.insert(0, home)
        config = self._new_config(None, None)
        config.set_main_option("script_location", folder.replace("%", "%%"))
        return config, ScriptDirectory.from_config(config)

    def _location(self, script):
        wanted = self.relative(self.settings["folder"])
        return "not there; it should be %s" % wanted if script is None else "%s, not %s" % (self.relative(script.dir), wanted)

    def _read_config(self, path):
        toml = os.path.join(os.path.dirname(path), "pyproject.toml")
        if os.path.basename(path) == "pyproject.toml":
            return self._new_config(None, path)
        config = self._new_config(path, toml if os.path.exists(toml) else None)
        if not config.file_config.has_section(config.config_ini_section):
            if self.settings.get("config"):
                raise Refused("load", "%s has no section [%s]" % (self.relative(path), config.config_ini_section))
            return self._new_config(None, None)
        return config

    def _new_config(self, ini, toml):
        from alembic.config import Config

        # Alembic reads pyproject.toml since 1.16.
        known = "toml_file" in inspect.signature(Config.__init__).parameters
        if toml and not ini and not known:
            raise Refused("load", "Alembic %s does not read pyproject.toml: that came with 1.16" % version())
        more = {"toml_file": toml} if toml and known else {}
        return Config(ini, ini_section=self.settings.get("section") or "alembic", **more)

    def relative(self, path):
        """A path relative to the workspace with forward slashes; absolute where it is outside."""
        for root in (self.settings["root"], os.path.realpath(self.settings["root"])):
            for each in (os.path.abspath(path), os.path.realpath(path)):
                if each.startswith(os.path.join(root, "")):
                    return os.path.relpath(each, root).replace(os.sep, "/")
        return str(path).replace(os.sep, "/")

    def set_command(self, words):
        """What env.py finds in config.cmd_opts when the command line runs it."""
        from alembic.config import CommandLine

        self._parser = self._parser or CommandLine("alembic").parser
        given = [word for value in self.settings.get("x", []) for word in ("-x", value)]
        self.config.cmd_opts = self._parser.parse_args(given + words)

    def env_file(self):
        """env.py, for messages."""
        return self.relative(self.script.env_py_location)

    def version_folders(self):
        if self.script is None:
            return [os.path.join(self.settings["folder"], "versions")]
        return [str(each) for each in self.script._version_locations]


def beside(name):
    """A module of the folder of child.py, which is no place to import from."""
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), name + ".py")
    spec = spec_from_file_location("skein_" + name, path)
    module = module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module
