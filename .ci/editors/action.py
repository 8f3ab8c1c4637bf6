"""The step of the composite action, run as a runner runs it: python action.py ACTION PROGRAM FOLDER (FOLDER holds sound/ and broken/)."""
import os
import pathlib
import subprocess
import sys

import yaml

action, program, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
whole = yaml.safe_load(pathlib.Path(action).read_text())
step = next(step for step in whole["runs"]["steps"] if step.get("id") == "lint")
inputs = {name: str(one.get("default", "")) for name, one in whole["inputs"].items()}


def run(**given):
    values = inputs | {"program": program} | given
    output = folder / "output"
    output.write_text("")
    env = {name: values[text.split("inputs.")[1].split(" ")[0]] for name, text in step["env"].items()}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=folder, text=True, capture_output=True,
                          env=os.environ | env | {"GITHUB_OUTPUT": str(output)})
    assert output.read_text() == f"exit-code={done.returncode}\n", (output.read_text(), done)
    return done


sound = run(paths="sound", sarif="lint.sarif")
assert sound.returncode == 0, sound
assert '"2.1.0"' in (folder / "lint.sarif").read_text()
broken = run(paths="broken/req.yaml sound")
assert broken.returncode == 1 and "::error file=broken/req.yaml,line=4" in broken.stdout, broken
assert run(paths="broken", **{"fail-on": "never"}).returncode == 0
assert run(paths="nowhere").returncode == 2
print("action: its step fails on findings, writes SARIF, and says so when nothing could be checked")
