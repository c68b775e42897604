"""The Dockerfile, read and followed step by step in a folder that stands for the image's root."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.packaging.wheelhouse import ROOT

# Where the image has folders of its own; everything else is found where it is on this machine.
_OWN = re.compile(r"(?<![\w.\-/])/(opt|build|data)(?=[/\s\"']|$)")
_UPLOADED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]


class Step(NamedTuple):
    """An instruction, and what follows it."""

    name: str
    text: str


def steps() -> list[Step]:
    """Read the Dockerfile's instructions, each on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M)
    lines = text.replace("\\\n", " ").splitlines()
    return [Step(*line.split(maxsplit=1)) for line in map(str.strip, lines) if line]


@dataclass
class Image:
    """What following the steps comes to."""

    root: Path
    wheels: Path
    folder: Path = Path("/")
    stages: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def follow(self, step: Step) -> None:
        """Do what an instruction says; what is only noted is kept in `told`."""
        act = getattr(self, f"_{step.name.lower()}", None)
        if act:
            act(step.text)
        else:
            self.told[step.name] = step.text

    def command(self, *more: str) -> list[str]:
        """What the image runs, with its own arguments or others."""
        words = [*json.loads(self.told["ENTRYPOINT"]), *(more or json.loads(self.told["CMD"]))]
        return [self._found(words[0]), *words[1:]]

    def health(self, port: int) -> list[str]:
        """What asks whether the server is well, at another port."""
        words = json.loads(self.told["HEALTHCHECK"].partition("CMD ")[2])
        return [self._found(words[0]), *(word.replace(":8000", f":{port}") for word in words[1:])]

    def _from(self, _text: str) -> None:
        self.stages += 1
        self.folder, self.variables = self.root, {}

    def _env(self, text: str) -> None:
        for pair in shlex.split(text):
            name, _, value = pair.partition("=")
            self.variables[name] = self._placed(value).replace("$PATH", os.environ["PATH"])

    def _workdir(self, text: str) -> None:
        self.folder = Path(self._placed(text))
        self.folder.mkdir(parents=True, exist_ok=True)

    def _copy(self, text: str) -> None:
        *sources, target = text.split()
        if sources[0].startswith("--from="):
            assert self._placed(sources[1]) == self._placed(target)
            return
        for source in _allowed() if sources == ["."] else sources:
            place = self.folder / (source if sources == ["."] else f"{target}{Path(source).name}")
            place.parent.mkdir(parents=True, exist_ok=True)
            origin = ROOT / source
            if origin.is_dir():
                left_out = shutil.ignore_patterns("__pycache__", "node_modules", "images")
                shutil.copytree(origin, place, ignore=left_out, dirs_exist_ok=True)
            else:
                shutil.copyfile(origin, place)

    def _run(self, text: str) -> None:
        """Run it without a network: packages come from the folder of wheels, which fit no hash."""
        if text.startswith("groupadd"):
            (self.root / "data").mkdir()
            return
        offline = f"--no-index --find-links {self.wheels}"
        command = self._placed(text).replace("--require-hashes", offline)
        for locked in (self.folder / "requirements").glob("*.txt"):
            entries = re.findall(r"^([\w.\[\]-]+==[^\s\\;]+)([^\\\n]*)", locked.read_text(), re.M)
            locked.write_text("".join(f"{name}{marker}\n" for name, marker in entries))
        python = self.root / "usr" / "bin"
        python.mkdir(parents=True, exist_ok=True)
        if not (python / "python").exists():
            (python / "python").symlink_to(Path(sys.executable).resolve())
        path = f"{python}:{os.environ['PATH']}"
        environment = {**os.environ, **self.variables, "PATH": path, "PYTHONPATH": ""}
        subprocess.run(["sh", "-euc", command], cwd=self.folder, env=environment, check=True)

    def _placed(self, text: str) -> str:
        return _OWN.sub(lambda found: f"{self.root}/{found[1]}", text)

    def _found(self, program: str) -> str:
        path = shutil.which(program, path=self.variables["PATH"])
        assert path
        return path


def _allowed() -> list[str]:
    return [line[1:] for line in _UPLOADED]
