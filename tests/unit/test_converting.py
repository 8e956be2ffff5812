"""Many files in one run of LibreOffice: what was made before one of them brings it down is kept, and the rest goes on."""

from seminar.papers import converting
from tests import corpus

PROGRAM = """#!/bin/sh
for last; do :; done
while [ "$1" != "--outdir" ]; do shift; done
out=$2; shift 2
echo "$@" >> {log}
for file; do
  name=$(basename "$file" .docx)
  [ "$name" = 4 ] && exit 1
  [ "$name" = 2 ] && continue
  {{ echo %PDF-; head -c 200 /dev/zero; }} > "$out/$name.pdf"
done
"""


def test_a_file_that_brings_libreoffice_down_costs_one_more_run_and_only_itself(tmp_path, monkeypatch):
    program, log = tmp_path / "soffice", tmp_path / "log"
    program.write_text(PROGRAM.format(log=log))
    program.chmod(0o700)
    monkeypatch.setattr(converting, "program", lambda: str(program))
    paper = corpus.word("Một hai ba")
    made = converting.convert({str(number): paper for number in range(8)}, "pdf")
    assert set(made) == {"0", "1", "3", "5", "6", "7"}
    runs = [[path.rsplit("/", 1)[1][0] for path in line.split()] for line in log.read_text().splitlines()]
    assert runs == [list("01234567"), ["4"], list("567")]
